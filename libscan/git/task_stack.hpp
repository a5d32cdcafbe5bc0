// Work shared by several threads that find more of it as they go: a stack under one lock, and the knowledge when
// nothing is left and nobody is at work who could still add something.
// Thread-safety: all functions may be called from any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace launchgate::git {

template <class Task>
class TaskStack {
 public:
  // `workers` threads will call take() until it says no. Each counts as busy until its first call.
  TaskStack(Task first, unsigned workers) : busy_(workers) { stack_.push_back(std::move(first)); }

  // The newest task, waiting for one if need be; the caller's earlier task is done. False: all work is done.
  bool take(Task& task) {
    std::unique_lock lock(mutex_);
    --busy_;
    if (busy_ == 0 && stack_.empty()) changed_.notify_all();
    changed_.wait(lock, [this] { return !stack_.empty() || busy_ == 0; });
    if (stack_.empty()) return false;
    task = std::move(stack_.back());
    stack_.pop_back();
    ++busy_;
    return true;
  }

  // Moves all of `tasks` onto the stack, the last on top.
  void give(std::vector<Task>& tasks) {
    if (tasks.empty()) return;
    {
      const std::lock_guard lock(mutex_);
      std::move(tasks.begin(), tasks.end(), std::back_inserter(stack_));
    }
    tasks.clear();
    changed_.notify_all();
  }

  // Adds a task made by make() unless `enough` are waiting already. False: not taken, make() was not called.
  template <class Make>
  bool offer(std::size_t enough, Make make) {
    {
      const std::lock_guard lock(mutex_);
      if (stack_.size() >= enough) return false;
      stack_.push_back(make());
    }
    changed_.notify_one();
    return true;
  }

  // `count` of the announced workers will never come.
  void without(unsigned count) {
    {
      const std::lock_guard lock(mutex_);
      busy_ -= count;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> stack_;
  unsigned busy_;
};

}  // namespace launchgate::git

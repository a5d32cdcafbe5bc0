// The same work on several threads.
#pragma once

#include <system_error>
#include <thread>
#include <vector>

namespace launchgate::engine {

// Calls work(workers[i]) for each worker, each on a thread of its own, the first on the caller's. Where no more threads
// are to be had fewer do it all, so the work must be shared out by a counter. work() must not throw.
template <class Worker, class Work>
void on_threads(std::vector<Worker>& workers, Work work) {
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < workers.size(); ++i) {
    try {
      threads.emplace_back([&work, &worker = workers[i]] { work(worker); });
    } catch (const std::system_error&) {
      break;
    }
  }
  if (!workers.empty()) work(workers[0]);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace launchgate::engine

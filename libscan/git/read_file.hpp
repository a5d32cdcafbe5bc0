// Reading many files one after the other into one buffer, without a stat(2) or an allocation a file.
//
//   FileReader reader;                                  // one per thread
//   if (reader.open(file.folder, file.name.data()) != FileReader::Opened::yes) ...count it...
//   if (reader.whole()) scan(reader.bytes());           // the usual case
//   else for (; !reader.bytes().empty(); reader.next()) feed(reader.bytes());
//   if (reader.changed() || reader.error() != 0) ...count it: less was seen than was there...
//
// Thread-safety: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "libscan/git/file.hpp"

namespace launchgate::git {

class FileReader {
 public:
  static constexpr std::size_t kBuffer = std::size_t{1} << 20;

  explicit FileReader(std::size_t buffer = kBuffer)
      : buffer_(std::make_unique_for_overwrite<char[]>(buffer)), capacity_(buffer) {}

  enum class Opened {
    yes,
    vanished,    // it was there when its folder was read
    no_file,     // a symbolic link, folder, pipe or device by now
    unreadable,  // error() says why
  };

  // Opens `name` below the open folder and reads its first piece. Never follows a symbolic link, never waits on a pipe.
  Opened open(int folder, const char* name) noexcept;

  std::string_view bytes() const noexcept { return {buffer_.get(), used_}; }  // the current piece
  bool whole() const noexcept { return whole_; }                              // the first piece was all of it
  // Size in bytes: of what was read when whole(), otherwise what the file system said when the file was opened.
  std::uint64_t size() const noexcept { return size_; }

  // Reads the next piece; bytes() is empty at the end and after an error.
  void next() noexcept;

  // After the last piece: more or fewer bytes came than the file had at the start.
  bool changed() const noexcept { return changed_; }
  int error() const noexcept { return error_; }  // errno of a failed open or read, or 0

 private:
  void fill() noexcept;

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_;
  Fd file_;
  std::size_t used_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t read_ = 0;
  int error_ = 0;
  bool whole_ = false;
  bool changed_ = false;
};

}  // namespace launchgate::git

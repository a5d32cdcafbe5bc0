// A folder of its own for one fuzz program, and a pack in it, for what is opened by its path.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace launchgate::fuzz {

class PackFiles {
 public:
  PackFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "lg-fuzz-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
  }
  PackFiles(const PackFiles&) = delete;
  PackFiles& operator=(const PackFiles&) = delete;
  ~PackFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string index() const { return folder_ + "/p.idx"; }
  std::string pack() const { return folder_ + "/p.pack"; }

  static void write(const std::string& path, std::string_view bytes) {
    std::FILE* const file = std::fopen(path.c_str(), "wb");
    if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) std::abort();
    std::fclose(file);
  }

 private:
  std::string folder_;
};

}  // namespace launchgate::fuzz

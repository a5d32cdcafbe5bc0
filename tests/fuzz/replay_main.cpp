// A main() for fuzz targets built without libFuzzer: replays the files of a corpus folder, then feeds mutations of
// them drawn from a fixed seed, so that every `./dev test` exercises every target under the sanitizers the same way.
//   replay FOLDER [MUTATIONS]
// A target that fails, aborts; run again, it fails the same way, for the inputs depend on corpus and seed alone.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
class Random {
 public:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return n == 0 ? 0 : next() % n; }

 private:
  std::uint64_t state_ = 20240229;
};

std::string mutate(std::string s, const std::vector<std::string>& seeds, Random& random) {
  for (std::size_t edits = 1 + random.below(4); edits > 0; --edits) {
    const std::size_t at = random.below(s.size() + 1);
    switch (random.below(6)) {
      case 0: s.insert(at, 1, static_cast<char>(random.next())); break;
      case 1: s.erase(at, 1 + random.below(16)); break;
      case 2:
        if (at < s.size()) s[at] = static_cast<char>(random.next());
        break;
      case 3: s.insert(at, s.substr(random.below(s.size() + 1), random.below(64))); break;
      case 4: s.resize(at); break;
      default: {
        const std::string& other = seeds[random.below(seeds.size())];
        s.insert(at, other.substr(random.below(other.size() + 1), random.below(256)));
      }
    }
  }
  return s;
}

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> seeds{""};
  if (argc > 1 && std::filesystem::is_directory(argv[1])) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      std::ifstream in(file, std::ios::binary);
      seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
  }
  for (const std::string& s : seeds) run(s);
  const unsigned long mutations = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 2000;
  Random random;
  for (unsigned long i = 0; i < mutations; ++i) run(mutate(seeds[random.below(seeds.size())], seeds, random));
  std::printf("%zu seeds, %lu mutations\n", seeds.size(), mutations);
  return 0;
}

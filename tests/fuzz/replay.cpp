// In place of libFuzzer where a target is a plain test: runs it over the files of its corpus and everything
// cut off them, so that seeds cannot rot and what was found once stays mended. Usage: PROGRAM FOLDER
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** arguments) {
    if (count != 2) return 2;
    std::size_t inputs = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments[1])) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string seed{std::istreambuf_iterator<char>(file), {}};
        const std::size_t step = seed.size() / 200 + 1;
        for (std::size_t size = seed.size();; size -= std::min(size, step)) {
            const std::string input = seed.substr(0, size); // of its own, so that a read behind it is seen
            LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), size);
            ++inputs;
            if (size == 0) break;
        }
    }
    std::printf("%zu inputs\n", inputs);
    return inputs > 0 ? 0 : 1;
}

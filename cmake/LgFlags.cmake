# One place for everything that changes how code is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(LG_CCACHE ccache)
if(LG_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${LG_CCACHE})
endif()

add_library(lg_flags INTERFACE)
target_include_directories(lg_flags INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
target_compile_options(lg_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wconversion
                                          -Wno-sign-conversion -Werror=return-type)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(lg_flags INTERFACE -Wno-restrict)  # false alarms on "literal" + string: GCC bug 105651
endif()
target_compile_definitions(lg_flags INTERFACE LG_VERSION="${PROJECT_VERSION}")

if(LG_SANITIZE)
  target_compile_options(lg_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                            -fno-omit-frame-pointer -g1 -O1)
  target_link_options(lg_flags INTERFACE -fsanitize=address,undefined)
elseif(LG_FUZZ)
  target_compile_options(lg_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined -g1 -O1)
  target_link_options(lg_flags INTERFACE -fsanitize=address,undefined)
else()
  target_compile_options(lg_flags INTERFACE -ffunction-sections -fdata-sections)
  # A hook starts in milliseconds: the C++ runtime is linked in, not looked up.
  target_link_options(lg_flags INTERFACE -static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,-z,relro,-z,now)
endif()

find_program(LG_MOLD mold)
if(LG_MOLD)
  target_link_options(lg_flags INTERFACE -fuse-ld=mold)
endif()

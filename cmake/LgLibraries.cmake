# Third-party libraries, one lg_ext_<name> target each. What the binary needs at start is linked statically;
# libgit2, libcurl and OpenSSL are loaded at first use (libscan/git/libgit2.hpp, libscan/net/libcurl.hpp,
# libscan/net/libcrypto.hpp) because they take milliseconds of start-up: only headers are needed here.
find_package(Threads REQUIRED)

# The files found, one a line: tests/install/packages.sh asks which package each is from.
set(lg_external_files ${PROJECT_BINARY_DIR}/external_files.txt)
file(WRITE ${lg_external_files} "")

function(lg_external name)
  cmake_parse_arguments(A "" "" "HEADERS;LIBS;DEFINE" ${ARGN})
  add_library(lg_ext_${name} INTERFACE)
  foreach(header ${A_HEADERS})
    find_path(LG_${name}_INCLUDE ${header} REQUIRED)
    target_include_directories(lg_ext_${name} SYSTEM INTERFACE $<BUILD_INTERFACE:${LG_${name}_INCLUDE}>)
    file(APPEND ${lg_external_files} "${LG_${name}_INCLUDE}/${header}\n")
  endforeach()
  foreach(lib ${A_LIBS})
    find_library(LG_LIB_${lib} NAMES ${lib} REQUIRED)
    target_link_libraries(lg_ext_${name} INTERFACE ${LG_LIB_${lib}})
    file(APPEND ${lg_external_files} "${LG_LIB_${lib}}\n")
  endforeach()
  target_compile_definitions(lg_ext_${name} INTERFACE ${A_DEFINE})
endfunction()

lg_external(fmt          HEADERS fmt/format.h DEFINE FMT_HEADER_ONLY=1)
lg_external(tomlplusplus HEADERS toml++/toml.h DEFINE TOML_HEADER_ONLY=1 TOML_EXCEPTIONS=0)
lg_external(json         HEADERS nlohmann/json.hpp)
lg_external(cli11        HEADERS CLI/CLI.hpp)
lg_external(libgit2      HEADERS git2.h)
lg_external(curl         HEADERS curl/curl.h)
lg_external(hyperscan    HEADERS hs/hs.h       LIBS libhs.a)
lg_external(re2          HEADERS re2/re2.h     LIBS libre2.a)
lg_external(deflate      HEADERS libdeflate.h  LIBS libdeflate.a)
lg_external(openssl      HEADERS openssl/evp.h)
lg_external(gumbo        HEADERS gumbo.h       LIBS libgumbo.a)
if(LG_TESTS)
  lg_external(doctest    HEADERS doctest/doctest.h)
  lg_external(tls        HEADERS openssl/ssl.h LIBS libssl.a libcrypto.a)  # servers under test speak it
endif()
target_link_libraries(lg_ext_re2 INTERFACE Threads::Threads)
target_link_libraries(lg_ext_libgit2 INTERFACE ${CMAKE_DL_LIBS})
target_link_libraries(lg_ext_curl INTERFACE ${CMAKE_DL_LIBS})
target_link_libraries(lg_ext_openssl INTERFACE ${CMAKE_DL_LIBS})

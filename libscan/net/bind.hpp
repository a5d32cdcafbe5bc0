// Finding the functions of a library that was loaded with dlopen. Only libscan/net includes this.
#pragma once

#include <dlfcn.h>

namespace launchgate::net {

// False when the library has no function of that name; `slot` has its type.
template <class Function>
bool bind(void* library, const char* name, Function& slot) noexcept {
  slot = reinterpret_cast<Function>(dlsym(library, name));
  return slot != nullptr;
}

}  // namespace launchgate::net

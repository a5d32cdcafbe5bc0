// What people type when they make a value up: words in disguise, the alphabet in order, letters and digits in turn.
// Machines do none of this. Private to the value judge (value_judge.hpp). Pure functions, no allocation.
#pragma once

#include <string_view>

namespace launchgate::secrets {

// "P@ssw0rd1", "Ch@ngeMe!", "Test@12345": one of the words that are tried first, whatever stands for its letters and
// behind it.
bool is_common_password(std::string_view v);

// At least half of the letters stand in words of stand-ins, in disguise or not: "ShopTest2026!", "s3cr3tk3y".
bool holds_stand_ins(std::string_view v);

// "mB2kT7wD4pX9": letters and digits take turns. Chance keeps no time.
bool has_rhythm(std::string_view v);

// "B1d3Ce5Fg7Hk2Jm4": letters that go through the alphabet, in small steps.
bool walks_alphabet(std::string_view v);

}  // namespace launchgate::secrets

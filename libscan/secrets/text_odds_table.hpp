// How often each kind of byte follows two others in source text, for text_odds.cpp. Constants, and characters rather
// than pointers to them: a program that never chooses anchors pays nothing for them when it starts.
#pragma once

#include <cstddef>

namespace launchgate::secrets {

// Bytes as the model tells them apart: a letter of either case, a digit, '_', '-', white space, anything else.
inline constexpr unsigned kTextDigit = 26, kTextUnderscore = 27, kTextDash = 28, kTextSpace = 29, kTextOther = 30;
inline constexpr std::size_t kTextSymbols = 31;

// Half bits: 'a' = 1, 'c' = 1/2, 'e' = 1/4 ... Rows are indexed by what stands in front, the nearest symbol last;
// columns by the symbol itself.
extern const char kTextFirst[kTextSymbols + 1];
extern const char kTextSecond[kTextSymbols][kTextSymbols + 1];
extern const char kTextThird[kTextSymbols * kTextSymbols][kTextSymbols + 1];

}  // namespace launchgate::secrets

#include "cmd/program.hpp"

int main(int argc, char** argv) { return launchgate::run_program(argc, argv); }

// An empty C++ program: what a process costs before it does anything.
int main() {}

#define RESULT AX

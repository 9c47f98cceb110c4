#include "registers.h"

TEXT ·Of(SB), 4, $0-24
	MOVQ a+0(FP), RESULT
	ADDQ b+8(FP), RESULT
	MOVQ RESULT, ret+16(FP)
	RET

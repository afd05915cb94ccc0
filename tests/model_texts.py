"""Models in the format MPS, for tests that read them."""

MODEL = """NAME          MODEL
OBJSENSE
    MAX
ROWS
 N  COST
 L  LIM1
 G  LIM2
 E  EQ
 L  RANGE
 N  FREE
COLUMNS
    X1        COST         1.0   LIM1         1.0
    X1        LIM2         1.0   FREE         9.0
    X2        COST        -2.0   LIM1         1.0
    X2        EQ          -1.0   RANGE        1.0
    X3        COST        -1.0   EQ           1.0
    X3        RANGE        1.0
    X4        COST         1.0   LIM2         1.0
    X5        COST         0.5   RANGE        0.25
RHS
    RHS       COST        -3.5
    RHS       LIM1         4.0   LIM2         1.0
    RHS       EQ           7.0   RANGE        6.0
RANGES
    RNG       RANGE        2.5
BOUNDS
 UP BND       X1           4.0
 LO BND       X2          -1.0
 UP BND       X2           1.0
 FR BND       X3
 MI BND       X4
 UP BND       X4           2.0
 FX BND       X5           0.5
ENDATA
"""

SMALL = "NAME X\nROWS\n N COST\n L R1\nCOLUMNS\n X1 COST {cost} R1 {entry}\nRHS\n RHS R1 1\nENDATA\n"

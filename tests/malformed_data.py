"""Malformed files of data, by what is wrong with each: its bytes, and what must be said of it."""

import io
import struct
import zipfile

import numpy as np
from model_texts import SMALL

A, Y = [[1.0, 1, 1], [3, 0, 1]], [3.0, 3]
B, C = [3.0, 3], [1.0, 1, 1]


def npz(compressed=False, **arrays):
    stream = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(stream, **arrays)
    return stream.getvalue()


def npy(array, **how):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asarray(array), **how)
    return stream.getvalue()


def header(shape, descr="<f8", data=b"", order="False"):
    """An .npy that says what it likes of its shape."""
    text = f"{{'descr': {descr!r}, 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text) + 1) + text + b"\n" + data


def zipped(members, method=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def with_A(data):
    return zipped({"A.npy": data, "y.npy": npy(Y)})


def encrypted(data):
    """The flag by which zip says that a member needs a password, set in both of its headers."""
    data = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            data[start + place] |= 1
    return bytes(data)


RNG = np.random.default_rng(8)
SQUARE, TALL = np.eye(3), np.ones((4, 2))
OBJECTS = np.array([[1, None, 2], [1, 2, 3]], dtype=object)
ARCHIVE = npz(A=A, y=Y)

# what an .npz may not be -> (its bytes, what is said of it)
NPZ = {
    "nothing": (b"", "no .npz file"),
    "text": (b"A = [[1, 2]]", "no .npz file"),
    "an .npy": (npy(A), "no .npz file"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "no .npz file"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(50), "no .npz file"),
    "zeros": (bytes(1000), "no .npz file"),
    "an empty zip": (zipped({}), "holds nothing"),
    "a zip of texts": (zipped({"A.txt": "1,2", "y.txt": "1"}), "holds A.txt, y.txt, expected the arrays A and y"),
    "texts for arrays": (zipped({"A": "1,2", "y": "1"}), "cannot be read, expected plain arrays"),
    "empty members": (zipped({"A.npy": b"", "y.npy": b""}), "cannot be read"),
    "cut headers": (with_A(npy(A)[:40]), "cannot be read"),
    "cut data": (with_A(npy(A)[:-8]), "A is said to be of 48 bytes, expected the 40 that there are"),
    "too much data": (with_A(npy(A) + b"12345678"), "A is said to be of 48 bytes, expected the 56"),
    "another magic": (with_A(b"\x93NUMPI" + npy(A)[6:]), "cannot be read"),
    "version 9": (with_A(npy(A)[:6] + b"\x09" + npy(A)[7:]), "cannot be read"),
    "a header that is no dict": (with_A(b"\x93NUMPY\x01\x00\x05\x00[1,2]"), "cannot be read"),
    "a header with other keys": (with_A(npy(A).replace(b"shape", b"shope")), "cannot be read"),
    "a header that calls": (with_A(header("__import__('os').getcwd()")), "cannot be read"),
    "a header of many brackets": (with_A(header("(" * 500 + ")" * 500)), "cannot be read"),
    "no y": (npz(A=A), "holds A, expected the arrays A and y"),
    "no A": (npz(y=Y), "holds y, expected the arrays A and y"),
    "small letters": (npz(a=A, Y=Y), "holds a, Y, expected the arrays A and y"),
    "arrays without names": (npz(arr_0=A, arr_1=Y), "holds arr_0, arr_1"),
    "objects": (npz(A=OBJECTS, y=Y), "expected plain arrays of numbers A and y: the entries of A are Python objects"),
    "an object of none": (npz(A=np.array(None), y=Y), "Python objects"),
    "fields": (npz(A=np.zeros(2, dtype=[("a", "f8"), ("b", "i4")]), y=Y), "is not a number"),
    "dates": (npz(A=np.full((2, 3), "2020-01-01", dtype="M8[D]"), y=Y), "2020-01-01 is not a number"),
    "raw bytes": (npz(A=np.zeros((2, 3), dtype="V8"), y=Y), "is not a number"),
    "bytes": (npz(A=np.array([[b"1", b"2", b"3"]] * 2), y=Y), "A[0, 0]: b'1' is not a number"),
    "texts": (npz(A=np.array([["1", "x", "3"]] * 2), y=Y), "A[0, 1]: 'x' is not a number"),
    "a long text": (npz(A=np.array([["1", "x" * 5000]]), y=[1]), "A[0, 1]: 'xxx"),
    "a division by zero": (npz(A=np.array([["1", "1/0", "3"]] * 2), y=Y), "'1/0' divides by zero"),
    "truth values": (npz(A=np.array(A) > 0, y=Y), "A[0, 0]: True is not a number"),
    "complex numbers": (npz(A=np.array(A) + 0j, y=Y), "A[0, 0]: (1+0j) is not a number"),
    "complex y": (npz(A=A, y=np.array(Y) * 1j), "y[0]: 3j is not a number"),
    "nan": (npz(A=[[1, np.nan, 1], [3, 0, 1]], y=Y), "A[0, 1] is nan, expected a finite number"),
    "infinity": (npz(A=[[1, 1, 1], [3, -np.inf, 1]], y=Y), "A[1, 1] is -inf, expected a finite number"),
    "nan in y": (npz(A=A, y=[3, np.nan]), "y[1] is nan, expected a finite number"),
    "infinity in float16": (npz(A=np.full((2, 3), np.inf, np.float16), y=Y), "expected a finite number"),
    "long doubles": (
        npz(A=np.longdouble(1) / 3 * np.ones((2, 3), np.longdouble), y=Y),
        "expected numbers that float64",
    ),
    "beyond float64": (npz(A=np.array([["1e400", "1", "1"]]), y=[1]), "beyond float64's largest"),
    "no rows": (npz(A=np.zeros((0, 3)), y=[]), "A is empty"),
    "no columns": (npz(A=np.zeros((2, 0)), y=Y), "A is empty"),
    "a number for A": (npz(A=3.0, y=Y), "A has 0 dimensions, expected 2"),
    "a vector for A": (npz(A=[1.0, 2], y=Y), "A has 1 dimensions, expected 2"),
    "three dimensions": (npz(A=np.ones((2, 3, 1)), y=Y), "A has 3 dimensions, expected 2"),
    "a number for y": (npz(A=[[1.0, 2]], y=1.0), "y has 0 dimensions, expected 1"),
    "a column for y": (npz(A=A, y=[[3.0], [3.0]]), "y has 2 dimensions, expected 1"),
    "a long y": (npz(A=A, y=[3.0, 3, 3]), "y has 3 entries, expected 2, one for each row of A"),
    "a short y": (npz(A=A, y=[3.0]), "y has 1 entries, expected 2"),
    "y of zeros": (npz(A=A, y=[0.0, 0]), "y is zero"),
    "a square": (npz(A=SQUARE, y=[1.0, 1, 1]), "A is 3 x 3, expected fewer rows"),
    "more rows than columns": (npz(A=TALL, y=np.ones(4)), "A is 4 x 2, expected fewer rows"),
    "lost rank": (npz(A=[[1.0, 2, 3], [2, 4, 6]], y=Y), "A has rank 1, expected full row rank 2"),
    "a row of zeros": (npz(A=[[1.0, 2, 3], [0, 0, 0]], y=Y), "A has rank 1, expected full row rank 2"),
    "rank lost in the last bit": (npz(A=np.outer([1, 3], RNG.integers(1, 99, 5)), y=Y), "A has rank 1"),
    "a signal of another size": (npz(A=A, y=Y, x0=[1.0]), "x0 has 1 entries, expected 3"),
    "a signal of nan": (npz(A=A, y=Y, x0=[1.0, np.nan, 0]), "x0[1] is nan"),
    "an absurd shape": (with_A(header((10**9, 10**9))), "A is 1000000000 x 1000000000 of float64, expected at most"),
    "a shape beyond 64 bits": (with_A(header((10**30, 3))), "expected at most 16777216 numbers"),
    "a negative shape": (with_A(header((-2, -3), data=bytes(48))), "cannot be read"),
    "a shape of texts": (with_A(header("('2', '3')", data=bytes(48))), "cannot be read"),
    "an absurd text": (with_A(header((1, 1), "<U900000000", b"1")), "cannot be read"),
    "a bomb": (
        zipped({"A.npy": header((2**15, 2**15), "|i1", bytes(2**30 >> 6)), "y.npy": npy(Y)}, zipfile.ZIP_DEFLATED),
        "A is 32768 x 32768 of int8, expected at most 16777216 numbers",
    ),
    "a password": (encrypted(ARCHIVE), "cannot be read"),
    "another checksum": (ARCHIVE.replace(np.float64(3).tobytes(), np.float64(4).tobytes()), "cannot be read"),
    "an end cut off": (ARCHIVE[:-30], "no .npz file, or a truncated one"),
    "a beginning cut off": (ARCHIVE[100:], "cannot be read"),
    "damaged deflate": (
        (lambda data: data[:60] + bytes(30) + data[90:])(npz(compressed=True, A=RNG.random((3, 9)), y=np.ones(3))),
        "cannot be read",
    ),
}

# what an .npz of a linear program may not be
PROGRAM_NPZ = {
    "the arrays of a problem": (npz(A=A, y=Y), "holds A, y, expected the arrays A, b and c"),
    "a short c": (npz(A=A, b=B, c=[1.0]), "c has 1 entries, expected 3"),
    "a long b": (npz(A=A, b=[1.0, 1, 1], c=C), "b has 3 entries, expected 2"),
    "nan in c": (npz(A=A, b=B, c=[1, np.nan, 1]), "c[1] is nan"),
    "b of zeros": (npz(A=A, b=[0.0, 0], c=C), "b is zero"),
    "A of zeros": (npz(A=np.zeros((2, 3)), b=B, c=C), "A is zero"),
    "no solution": (npz(A=A, b=[-3.0, 3], c=C), "has no solution x >= 0"),
    "no least value": (npz(A=[[1.0, -1, 0]], b=[1.0], c=[-1.0, 0, 0]), "falls without bound"),
    "rows that contradict": (npz(A=[[1.0, 1, 1], [2, 2, 2]], b=[1.0, 3], c=C), "has no solution"),
    "a point": (npz(A=np.eye(3), b=np.ones(3), c=C), "A x = b is a point"),
    "objects": (npz(A=A, b=B, c=np.array([1, None, 2])), "Python objects"),
    "matrix for c": (npz(A=A, b=B, c=[C]), "c has 2 dimensions, expected 1"),
}

GOOD, COLUMN = b"1,1,1\n3,0,1\n", b"3\n3\n"
# what two .csv files may not be -> (A, y, what is said)
CSV = {
    "empty": (b"", COLUMN, "A.csv is empty"),
    "blank lines": (b"\n \n,,\n", COLUMN, "A.csv is empty"),
    "empty y": (GOOD, b"\n", "y.csv is empty"),
    "ragged": (b"1,1,1\n3,0\n", COLUMN, "A[1] has 2 entries, expected 3"),
    "ragged the other way": (b"1,1\n3,0,1\n", COLUMN, "A[1] has 3 entries, expected 2"),
    "a comma at the end": (b"1,1,1,\n3,0,1,\n", COLUMN, "A[0, 3]: '' is not a number"),
    "a comma at one end": (b"1,1,1,\n3,0,1\n", COLUMN, "A[1] has 3 entries, expected 4"),
    "a head": (b"a,b,c\n1,1,1\n", b"1", "A[0, 0]: 'a' is not a number"),
    "a head of y": (GOOD, b"y\n3\n3\n", "y[0]: 'y' is not a number"),
    "a word": (b"1,two,1\n3,0,1\n", COLUMN, "A[0, 1]: 'two' is not a number"),
    "semicolons": (b"1;1;1\n3;0;1\n", COLUMN, "A[0, 0]: '1;1;1' is not a number"),
    "tabs": (b"1\t1\t1\n3\t0\t1\n", COLUMN, "A[0, 0]: '1\\t1\\t1' is not a number"),
    "blanks": (b"1 1 1\n3 0 1\n", COLUMN, "A[0, 0]: '1 1 1' is not a number"),
    "decimal commas": (b'"1,5","1","1"\n"3","0","1"\n', COLUMN, "'1,5' is not a number"),
    "nan": (b"1,nan,1\n3,0,1\n", COLUMN, "'nan' is not a number"),
    "infinity": (b"1,inf,1\n3,0,1\n", COLUMN, "'inf' is not a number"),
    "a division by zero": (b"1,1/0,1\n3,0,1\n", COLUMN, "'1/0' divides by zero"),
    "half a number": (b"1,1e,1\n3,0,1\n", COLUMN, "'1e' is not a number"),
    "hexadecimal": (b"1,0x10,1\n3,0,1\n", COLUMN, "'0x10' is not a number"),
    "thousands": (b"1,1_000,1\n3,0,1\n", COLUMN, "'1_000' is not a number"),
    "a huge exponent": (b"1,1e999999999,1\n3,0,1\n", COLUMN, "has an exponent beyond 4000"),
    "beyond float64": (b"1,1e400,1\n3,0,1\n", COLUMN, "beyond float64's largest"),
    "5000 digits": (b"1," + b"1" * 5000 + b",1\n3,0,1\n", COLUMN, "has 5000 characters, expected at most 4000"),
    "a missing cell": (b"1,,1\n3,0,1\n", COLUMN, "A[0, 1]: '' is not a number"),
    "a comment": (b"# mine\n1,1,1\n3,0,1\n", COLUMN, "expected 1 as in the first row"),
    "brackets": (b"[1,1,1]\n[3,0,1]\n", COLUMN, "'[1' is not a number"),
    "an open quote": (b'"1,1,1\n3,0,1\n', COLUMN, "is not a number"),
    "no text": (bytes(range(256)), COLUMN, "A.csv cannot be read, expected a .csv file of numbers: byte 129"),
    "UTF-16": ("1,1,1\n3,0,1\n".encode("utf-16"), COLUMN, "byte 1 is no text in UTF-8"),
    "zeros": (bytes(64), COLUMN, "is not a number"),
    "a matrix for y": (GOOD, GOOD, "y.csv has 2 rows and 3 columns, expected one row or one column"),
    "a ragged y": (GOOD, b"3,3\n3\n", "y.csv has 2 rows and 2 columns, expected one row or one column"),
    "a short y": (GOOD, b"3\n", "y has 1 entries, expected 2"),
    "a long y": (GOOD, b"3\n3\n3\n", "y has 3 entries, expected 2"),
    "y of zeros": (GOOD, b"0\n0\n", "y is zero"),
    "a square": (b"1,2\n3,4\n", COLUMN, "A is 2 x 2, expected fewer rows"),
    "a column": (b"1\n2\n", COLUMN, "A is 2 x 1, expected fewer rows"),
    "lost rank": (b"1,2,3\n2,4,6\n", COLUMN, "A has rank 1, expected full row rank 2"),
    "an .npz": (ARCHIVE, COLUMN, "A.csv"),
}

SMALL = SMALL.format(cost="-1", entry="1")
LP = "max\nobj: x + 2 y\nst\nc1: x + y >= 1\nc2: x - y <= 4\nbounds\n0 <= x <= 3\ny <= 5\nend\n"


def mps(old, new):
    assert old in SMALL
    return SMALL.replace(old, new, 1)


def lp(old, new):
    assert old in LP
    return LP.replace(old, new, 1)


ENTRY = "R1 1\nRHS"
# what an .mps file may not be -> (its text, what is said)
MPS = {
    "empty": ("", "has no line ROWS"),
    "words": ("hello world\n", "line 1: 'hello world' is no section"),
    "no ROWS": (mps("ROWS\n", ""), "has no line ROWS"),
    "no COLUMNS": (mps("COLUMNS\n", ""), "line 5: 'X1 COST -1 R1 1' has 5 words, expected 2 in ROWS"),
    "no end": (mps("ENDATA\n", ""), "has no line ENDATA"),
    "cut in the columns": (SMALL[: SMALL.index("COST -1")], "has 1 words, expected 3 or 5 in COLUMNS"),
    "another section": (mps("RHS\n", "RIGHT\n"), "line 7: 'RIGHT' is no section"),
    "a section twice": (
        mps("RHS\n", "RHS\nRHS\n"),
        "line 8: 'RHS' is no section, expected ROWS or the like",
    ),
    "a word for an entry": (mps(ENTRY, "R1 one\nRHS"), "line 6: 'one' is no number"),
    "nan": (mps(ENTRY, "R1 nan\nRHS"), "line 6: 'nan' is no number"),
    "infinite entry": (mps(ENTRY, "R1 inf\nRHS"), "line 6: 'inf' is no number"),
    "an exponent of Fortran": (mps(ENTRY, "R1 1d5\nRHS"), "line 6: '1d5' is no number"),
    "a ratio": (mps(ENTRY, "R1 1/3\nRHS"), "line 6: '1/3' is no number"),
    "a decimal comma": (mps(ENTRY, "R1 1,5\nRHS"), "line 6: '1,5' is no number"),
    "a row that is none": (mps("COST -1 R1", "COST -1 R9"), 'Row name "R9" in COLUMNS section is not defined'),
    "an entry twice": (mps(ENTRY, "R1 1\n X1 R1 5\nRHS"), "duplicate nonzero"),
    "a column that lacks a number": (mps(ENTRY, "R1\nRHS"), "has 4 words, expected 3 or 5 in COLUMNS"),
    "names with spaces": (mps("X1 COST", "X 1 COST"), "has 6 words, expected 3 or 5"),
    "a side of no row": (mps("RHS R1 1", "RHS R7 1"), "R7"),
    "a side that is no number": (mps("RHS R1 1", "RHS R1 x"), "'x' is no number"),
    "a side of nan": (mps("RHS R1 1", "RHS R1 nan"), "'nan' is no number"),
    "a bound of no column": (mps("ENDATA", "BOUNDS\n UP BND X9 4\nENDATA"), "a bound of 'X9', expected a name in"),
    "a bound of no kind": (mps("ENDATA", "BOUNDS\n ZZ BND X1 4\nENDATA"), 'of type "ZZ"'),
    "bounds that cross": (mps("ENDATA", "BOUNDS\n UP BND X1 -4\nENDATA"), "X1 is to lie between 0.0 and -4.0"),
    "a bound twice": (mps("ENDATA", "BOUNDS\n UP BND X1 4\n UP BND X1 5\nENDATA"), "duplicate upper bound"),
    "a row of no kind": (mps(" L R1", " X R1"), "HiGHS cannot read mine.mps"),
    "a row twice": (mps(" L R1\n", " L R1\n L R1\n"), "mine.mps"),
    "no constraint": (mps(" L R1", " N R1"), "has no constraint but x >= 0"),
    "a quadratic objective": (mps("ENDATA", "QUADOBJ\n X1 X1 1\nENDATA"), "the objective is quadratic"),
    "an integer": (mps("ENDATA", "BOUNDS\n BV BND X1\nENDATA"), "the variable X1 is an integer"),
    "integers by markers": (
        mps("COLUMNS\n", "COLUMNS\n M1 'MARKER' 'INTORG'\n"),
        "mine.mps",
    ),
    "an infinite cost": (mps("COST -1", "COST 1e30"), "the cost of X1 is inf, expected a finite number"),
    "a huge entry": (mps(ENTRY, "R1 1e300\nRHS"), "greater than 1e+15"),
    "no minimum": (mps(" L R1", " G R1"), "falls without bound"),
    "no solution": (mps("RHS R1 1", "RHS R1 -1"), "has no solution x >= 0"),
    "Latin-1": (mps("X1", "Ä1").encode("latin-1"), "byte 36 is no text in UTF-8"),
    "no text": (bytes(range(256)), "is no text in UTF-8"),
    "zeros": (bytes(100), "mine.mps"),
}
# what an .lp file may not be
LPS = {
    "empty": ("", "ends with '', expected the line end"),
    "words": ("hello world\nend\n", "mine.lp"),
    "no end": (lp("end\n", ""), "ends with 'y <= 5', expected the line end"),
    "cut off": (LP[:40], "expected the line end"),
    "another section": (lp("bounds\n", "bunds\n"), "HiGHS cannot read mine.lp"),
    "a quadratic objective": (lp("2 y\n", "2 y + [ x ^ 2 ] / 2\n"), "the objective is quadratic"),
    "an integer": (lp("end", "general\nx\nend"), "the variable x is an integer"),
    "a binary": (lp("end", "binary\nx\nend"), "the variable x is an integer"),
    "a semicontinuous variable": (lp("end", "semi\nx\nend"), "the variable x is an integer"),
    "special ordered sets": (lp("end", "sos\ns1: S1:: x:1 y:2\nend"), "SOS not supported by HiGHS"),
    "nan": (lp("2 y", "nan y"), "the cost of y is nan, expected a finite number"),
    "an indicator": (lp("c1: x", "c1: y = 1 -> x"), "expected a number or a name after a sign"),
    "two signs": (lp("x + y >=", "x + y + >="), "expected a number or a name after a sign"),
    "bounds that cross": (lp("0 <= x <= 3", "4 <= x <= 3"), "x is to lie between 4.0 and 3.0"),
    "no constraint": ("min\nobj: x\nst\nend\n", "mine.lp"),
    "no minimum": (lp("y <= 5", "y free"), "falls without bound"),
    "Latin-1": (lp("obj", "öbj").encode("latin-1"), "byte 5 is no text in UTF-8"),
}
MODELS = [(f"mine.{kind}", key, *told) for kind, texts in (("mps", MPS), ("lp", LPS)) for key, told in texts.items()]

"""Prints random operations on decimals with their results, as Python's decimal module has them.

Each line: operation, left, right, result ("none" where there is no finite one). Usage: decimal_cases.py COUNT SEED
"""
import decimal
import random
import sys

count, seed = int(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
context = decimal.Context(
    prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=1,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow])
MODES = {
    "halfEven": decimal.ROUND_HALF_EVEN, "halfUp": decimal.ROUND_HALF_UP, "halfDown": decimal.ROUND_HALF_DOWN,
    "up": decimal.ROUND_UP, "down": decimal.ROUND_DOWN, "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
}


def number():
    digits = random.choice([1, 2, 3, 5, 9, 17, 18, 19, 20, 33, 34])
    kind = random.random()
    if kind < 0.2:
        text = str(random.randint(0, 9)) + random.choice("059") * (digits - 1)
    else:
        text = str(random.randint(0, 10 ** digits - 1))
    span = random.choice([2, 2, 5, 20, 40, 80, 6111])
    low = max(-span, -6176)
    return decimal.Decimal((random.randint(0, 1), tuple(map(int, text)), random.randint(low, min(span, 6111))))


def text(value):
    return format(value, "E") if abs(value.adjusted()) > 300 else format(value, "f")


def result(operation, left, right):
    try:
        if operation == "add":
            value = context.add(left, right)
        elif operation == "subtract":
            value = context.subtract(left, right)
        elif operation == "multiply":
            value = context.multiply(left, right)
        elif operation == "divide":
            value = context.divide(left, right)
        elif operation == "compare":
            return str(int(left.compare(right)))
        elif operation == "remainder":
            wide = decimal.Context(prec=13000, Emin=-20000, Emax=20000)
            if right == 0:
                return "none"
            return text(wide.remainder(left, right))
        elif operation == "power":
            value = context.power(left, right)
        elif operation == "sqrt":
            value = context.sqrt(left)
        elif operation == "exp":
            value = context.exp(left)
        elif operation == "ln":
            value = context.ln(left)
        else:
            wide = decimal.Context(prec=13000, Emin=-20000, Emax=20000, rounding=MODES[operation])
            value = context.plus(left.quantize(decimal.Decimal((0, (1,), -int(right))), context=wide))
    except decimal.DecimalException:
        return "none"
    return text(value) if value.is_finite() else "none"


OPERATIONS = ["add", "subtract", "multiply", "divide", "compare", "remainder", "power", "sqrt", "exp", "ln"]
for _ in range(count):
    operation = random.choice(OPERATIONS + list(MODES))
    left, right = number(), number()
    if operation == "power":
        left = decimal.Decimal(random.randint(-10 ** 9, 10 ** 9)).scaleb(-random.randint(0, 9))
        right = decimal.Decimal(random.randint(-400, 400))
    elif operation == "exp":
        left = decimal.Decimal(random.randint(-10 ** 12, 10 ** 12)).scaleb(-random.randint(9, 14))
    elif operation in MODES:
        right = decimal.Decimal(random.randint(-40, 40))
    print(operation, text(left), text(right), result(operation, left, right))

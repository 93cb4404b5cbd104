"""Rational approximations used by src/stats/special, fitted at 60 digits.

Prints, for every approximation, the coefficients of numerator and denominator (lowest power first) and the worst
relative error of the fit before rounding to doubles. Fitted by Lawson's reweighted, linearised least squares on
Chebyshev nodes, which comes within a small factor of the best uniform approximation.

    python3 scripts/golden/approximations.py
"""

from mpmath import binomial, cos, erf, erfc, exp, hyp2f0, loggamma, matrix, mp, mpf, nstr, pi, qr_solve, sqrt

mp.dps = 60


def evaluate(coefficients, t):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * t + c
    return total


def fit(f, low, high, m, n, rounds=14):
    """P (degree m) and Q (degree n, Q(0) = 1 at the centre) with P/Q close to f, relatively, on [low, high]."""
    count = 3 * (m + n + 1)
    centre, half = (low + high) / 2, (high - low) / 2
    ts = [cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    fs = [f(centre + half * t) for t in ts]
    weights, dens = [mpf(1)] * count, [mpf(1)] * count
    for _ in range(rounds):
        rows, right = matrix(count, m + n + 1), matrix(count, 1)
        for i, t in enumerate(ts):
            scale = weights[i] / (dens[i] * abs(fs[i]))
            for j in range(m + 1):
                rows[i, j] = scale * t**j
            for j in range(n):
                rows[i, m + 1 + j] = -scale * fs[i] * t ** (j + 1)
            right[i] = scale * fs[i]
        solution, _residual = qr_solve(rows, right)
        p = [solution[j] for j in range(m + 1)]
        q = [mpf(1)] + [solution[m + 1 + j] for j in range(n)]
        dens = [abs(evaluate(q, t)) for t in ts]
        errors = [abs(evaluate(p, t) / evaluate(q, t) / y - 1) for t, y in zip(ts, fs)]
        worst = max(errors)
        weights = [w * (e / worst + mpf("0.05")) for w, e in zip(weights, errors)]
        mean = sum(weights) / count
        weights = [w / mean for w in weights]
    return unscale(p, centre, half), unscale(q, centre, half), worst


def unscale(coefficients, centre, half):
    """From powers of (x - centre)/half to powers of x."""
    out = [mpf(0)] * len(coefficients)
    for k, c in enumerate(coefficients):
        for j in range(k + 1):
            out[j] += c * binomial(k, j) * (-centre) ** (k - j) / half**k
    return out


def erfcx(x):
    return exp(x * x) * erfc(x) if x < 20 else hyp2f0(1, mpf(1) / 2, -1 / x**2) / (x * sqrt(pi))


APPROXIMATIONS = {
    "ln Gamma(1 + z) / (z (z - 1)), z in [0, 1]": (lambda z: loggamma(1 + z) / (z * (z - 1)), mpf(0), mpf(1), 7, 6),
    "erf(x) / x in z = x^2, z in [0, 1]; erf.ts has P - Q of it": (lambda z: erf(sqrt(z)) / sqrt(z), mpf(0), mpf(1), 5, 5),
    "erfc(1 + s), s in [-0.125, 0.25]": (lambda s: erfc(1 + s), mpf("-0.125"), mpf("0.25"), 6, 6),
    "exp(x^2) erfc(x), x in [0.5, 2]": (erfcx, mpf("0.5"), mpf(2), 6, 7),
    "exp(x^2) erfc(x), x in [2, 6]": (erfcx, mpf(2), mpf(6), 6, 7),
    "x exp(x^2) erfc(x) in z = 1/x^2, z in [0, 1/36]": (lambda z: erfcx(1 / sqrt(z)) / sqrt(z), mpf(0), mpf(1) / 36, 5, 5),
}

if __name__ == "__main__":
    for name, (f, low, high, m, n) in APPROXIMATIONS.items():
        p, q, worst = fit(f, low, high, m, n)
        p, q = [c / q[0] for c in p], [c / q[0] for c in q]
        print(f"// {name}; fit error {nstr(worst, 2)}")
        print("P", "[" + ", ".join(repr(float(c)) for c in p) + "]")
        print("Q", "[" + ", ".join(repr(float(c)) for c in q) + "]")
        if "P - Q" in name:
            print("P - Q", "[" + ", ".join(repr(float(a - b)) for a, b in zip(p, q)) + "]")
    print("// Stirling remainder at halves 0.5, 1, ... 15")
    print("[" + ", ".join(repr(float(loggamma(z) - (z - mpf("0.5")) * mp.log(z) + z - mp.log(2 * pi) / 2)) for z in (mpf(k) / 2 for k in range(1, 31))) + "]")
    nodes = sorted(mp.polyroots(list(reversed(mp.taylor(lambda x: mp.legendre(24, x), 0, 24))), maxsteps=500, extraprec=400))
    print("// Gauss-Legendre, 24 nodes, on [0, 1]: nodes and weights")
    print("[" + ", ".join(repr(float((1 + x) / 2)) for x in nodes) + "]")
    print("[" + ", ".join(repr(float((1 - x**2) / (24 * mp.legendre(23, x)) ** 2)) for x in nodes) + "]")

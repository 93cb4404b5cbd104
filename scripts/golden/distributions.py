"""Reference values of src/stats/special and src/stats/distributions over a wide grid, at 50 digits and more.

Parameters from 1e-3 to 1e6, whole and not; probabilities from 0.5 down to 1e-300 in both tails. SciPy only chooses
where to look; every value is mpmath's, of the doubles as they are written. Incomplete beta by NIST DLMF 8.17.22 and
8.17.8, incomplete gamma by 8.9.2 and 8.7.1, checked against mpmath's betainc and gammainc where those are usable.

    python3 scripts/golden/distributions.py > test/golden/distributions-wide.json
"""

import hashlib
import json
import sys
import warnings

import mpmath
import scipy
from mpmath import erf, erfc, exp, expm1, findroot, floor, inf, isinf, log, log1p, loggamma, mp, mpf, ncdf, npdf, pi, sqrt, workdps
from scipy import stats

warnings.filterwarnings("ignore")
mp.dps = 50
SMALLEST = 1e-300
MOST = int(sys.argv[1]) if len(sys.argv) > 1 else 80
LEVELS = [0.5, 0.3, 0.05, 1e-3, 1e-8, 1e-16, 1e-40, 1e-100, 1e-200, 1e-299]
SHAPES = [1e-3, 0.03, 0.1, 0.4999, 0.5, 0.77, 1, 1.5, 3.7, 8.5, 10.3, 25, 99.9, 399.5, 1234.5, 10000, 123456.7, 1000000]

groups = {}


def add(function, args, value):
    value = float(value)
    if value != value or abs(value) == float("inf") or (value != 0 and abs(value) < SMALLEST):
        return
    if value == 0 or any(a != a or abs(a) == float("inf") for a in args):
        return
    rows = groups.setdefault(function, {})
    rows[tuple(float(a) for a in args)] = value


# ---- incomplete gamma and beta -------------------------------------------------------------------------------------


def gamma_tails(a, x):
    """(P, Q) of the regularised incomplete gamma functions."""
    a, x = mpf(a), mpf(x)
    if x <= 0:
        return mpf(0), mpf(1)
    if x < a + 1 or x < 2:
        with workdps(70):
            term = total = 1 / a
            n = 0
            while term > total * mpf(10) ** -68:
                n += 1
                term *= x / (a + n)
                total += term
            lower = exp(a * log(x) - x - loggamma(a)) * total
            return lower, 1 - lower
    with workdps(70):
        b = x + 1 - a
        c, d = mpf(10) ** 500, 1 / b
        h = d
        i = 0
        while True:
            i += 1
            an = -i * (i - a)
            b += 2
            d = 1 / (an * d + b)
            c = b + an / c
            h *= d * c
            if abs(d * c - 1) < mpf(10) ** -60:
                break
        upper = exp(a * log(x) - x - loggamma(a)) * h
        return 1 - upper, upper


def beta_series(a, b, x):
    term, total, n = mpf(1), 1 / a, 0
    while True:
        n += 1
        term *= (n - b) * x / n
        total += term / (a + n)
        if term == 0 or abs(term) < abs(total) * a * mpf(10) ** -72:
            return total


def beta_fraction(a, b, x):
    """NIST DLMF 8.17.22."""
    c, d = mpf(1), 1 / (1 - (a + b) * x / (a + 1))
    h = d
    m = 0
    while True:
        m += 1
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + numerator * d)
            c = 1 + numerator / c
            h *= d * c
        if abs(d * c - 1) < mpf(10) ** -60:
            return h / a


def beta_tails(a, b, x, y=None):
    """(I_x(a, b), 1 - I_x(a, b))."""
    with workdps(80):
        a, b = mpf(a), mpf(b)
        x = mpf(x)
        y = 1 - x if y is None else mpf(y)
        if x <= 0:
            return mpf(0), mpf(1)
        if y <= 0:
            return mpf(1), mpf(0)
        log_beta = loggamma(a) + loggamma(b) - loggamma(a + b)
        if x <= 0.5 and b * x <= 2:
            lower = exp(a * log(x) - log_beta) * beta_series(a, b, x)
            return lower, 1 - lower
        if y <= 0.5 and a * y <= 2:
            upper = exp(b * log(y) - log_beta) * beta_series(b, a, y)
            return 1 - upper, upper
        power = exp(a * log(x) + b * log(y) - log_beta)
        if a * y >= b * x:
            lower = power * beta_fraction(a, b, x)
            return lower, 1 - lower
        upper = power * beta_fraction(b, a, y)
        return 1 - upper, upper


def self_check():
    """Against mpmath's hypergeometric implementations, which are usable for moderate parameters."""
    for a, b, x in ((0.001, 3.7, 0.2), (0.5, 25, 0.1), (8.5, 3.7, 0.9), (99.9, 25, 0.8), (25, 399.5, 0.01), (399.5, 399.5, 0.5)):
        want = mpmath.betainc(mpf(a), mpf(b), 0, mpf(x), regularized=True)
        assert abs(beta_tails(a, b, x)[0] / want - 1) < mpf(10) ** -40, (a, b, x)
    for a, x in ((0.001, 0.5), (0.5, 3), (3.7, 30), (99.9, 60), (99.9, 160), (1234.5, 1300)):
        want = mpmath.gammainc(mpf(a), mpf(x), inf, regularized=True)
        assert abs(gamma_tails(a, x)[1] / want - 1) < mpf(10) ** -40, (a, x)


# ---- continuous distributions --------------------------------------------------------------------------------------


def beta_density(x, a, b):
    x, a, b = mpf(x), mpf(a), mpf(b)
    return exp((a - 1) * log(x) + (b - 1) * log1p(-x) - loggamma(a) - loggamma(b) + loggamma(a + b))


def gamma_density(x, a, scale=1):
    x, a, scale = mpf(x), mpf(a), mpf(scale)
    return exp((a - 1) * log(x / scale) - x / scale - loggamma(a)) / scale


def t_tails(t, df):
    """(P(|T| > |t|), P(|T| < |t|))."""
    with workdps(80):
        t, df = mpf(t), mpf(df)
        return beta_tails(df / 2, mpf(1) / 2, df / (df + t * t), t * t / (df + t * t))


def t_density(t, df):
    t, df = mpf(t), mpf(df)
    half = (df + 1) / 2
    return exp(loggamma(half) - loggamma(df / 2) - log(df * pi) / 2 - half * log1p(t * t / df))


def f_tails(f, df1, df2):
    with workdps(80):
        f, df1, df2 = mpf(f), mpf(df1), mpf(df2)
        return beta_tails(df1 / 2, df2 / 2, df1 * f / (df1 * f + df2), df2 / (df1 * f + df2))


def f_density(f, df1, df2):
    with workdps(80):
        f, df1, df2 = mpf(f), mpf(df1), mpf(df2)
        a, b, q = df1 / 2, df2 / 2, mpf(f) * df1 / df2
        return exp(a * log(q) - (a + b) * log1p(q) - loggamma(a) - loggamma(b) + loggamma(a + b)) / f


def add_point(name, x, parameters, tails, density):
    lower, upper = tails(x, *parameters)
    args = [x, *parameters]
    add(f"{name}.pdf", args, density(x, *parameters))
    add(f"{name}.cdf", args, lower)
    add(f"{name}.sf", args, upper)
    add(f"{name}.logCdf", args, log(lower) if lower < 0.5 else log1p(-upper))
    add(f"{name}.logSf", args, log(upper) if upper < 0.5 else log1p(-lower))


def add_quantile(name, p, parameters, guess, tails, density, upper):
    """Newton at full precision from SciPy's guess, on the logarithm of the tail and of x."""
    x = mpf(guess)
    if not (x != 0 and abs(x) < mpf(10) ** 300 and abs(x) > mpf(10) ** -300):
        return
    for _ in range(60):
        tail = tails(x, *parameters)[1 if upper else 0]
        if tail <= 0:
            return
        rate = x * density(x, *parameters) / tail * (-1 if upper else 1)
        if rate == 0:
            return
        step = log(tail / mpf(p)) / rate
        moved = x * exp(-max(min(step, 2), -2))
        x = (x + 1) / 2 if name == "betaDistribution" and moved >= 1 else moved
        if abs(step) < mpf(10) ** -25:
            add(f"{name}.{'isf' if upper else 'quantile'}", [p, *parameters], x)
            return


def standard_grid(name, parameter_sets, law, tails, density, quantiles):
    for parameters in parameter_sets:
        frozen = law(*parameters)
        for p in LEVELS:
            for x in (frozen.ppf(p), frozen.isf(p)):
                if x == x and abs(x) < 1e300 and x != 0 and not (tails(x, *parameters)[0] <= 0 or tails(x, *parameters)[1] <= 0):
                    add_point(name, float(x), parameters, tails, density)
        for p in quantiles:
            add_quantile(name, p, parameters, frozen.ppf(p), tails, density, False)
            add_quantile(name, p, parameters, frozen.isf(p), tails, density, True)


def continuous():
    quantiles = [1e-290, 1e-60, 1e-12, 1e-3, 0.025, 0.3, 0.5, 0.9]
    standard_grid("gammaDistribution", [(a,) for a in SHAPES], stats.gamma, lambda x, a: gamma_tails(a, x), gamma_density, quantiles)
    for scale in (3e-5, 0.3, 17.1, 4e6):
        for a in (0.3, 7.7, 1234.5, 654321.1):
            for p in (0.4, 1e-5, 1e-100, 1e-299):
                for x in (stats.gamma(a, scale=scale).ppf(p), stats.gamma(a, scale=scale).isf(p)):
                    if x > 1e-300:
                        args = (a, scale)
                        add_point("gammaDistribution", float(x), args, lambda v, s, c: gamma_tails(s, mpf(v) / mpf(c)), gamma_density)
    half = lambda x, df: gamma_tails(mpf(df) / 2, mpf(x) / 2)
    half_density = lambda x, df: gamma_density(x, mpf(df) / 2, 2)
    standard_grid("chiSquaredDistribution", [(df,) for df in SHAPES], stats.chi2, half, half_density, quantiles)
    shapes = [1e-3, 0.1, 0.5, 1, 3.7, 25, 399.5, 12345.6, 1000000]
    pairs = [(a, b) for a in shapes for b in shapes]
    few = [1e-200, 1e-5, 0.025, 0.5, 0.8]
    standard_grid("betaDistribution", pairs, stats.beta, lambda x, a, b: beta_tails(a, b, x), beta_density, few)
    standard_grid("fDistribution", [(2 * a, 2 * b) for a, b in pairs], stats.f, f_tails, f_density, few)


def student_t():
    for df in [*SHAPES, 2, 5, 30, 123456789.5, 1e15]:
        parameters = (df,)
        tails = lambda t, v: (lambda two: (1 - two[0] / 2, two[0] / 2))(t_tails(t, v))
        for p in [0.4999999, *LEVELS]:
            t = float(stats.t.isf(p, df))
            if not (t == t and 0 < t < 1e300) or t_tails(t, df)[0] <= 0:
                continue
            add_point("studentTDistribution", t, parameters, tails, t_density)
            add("studentTDistribution.twoSided", [t, df], t_tails(t, df)[0])
            add("studentTDistribution.cdf", [-t, df], tails(t, df)[1])
            add("studentTDistribution.sf", [-t, df], tails(t, df)[0])
        for t in (1e-160, 1e-10, 0.01, 0.5, 1, 1.2, 3, 1e5, 1e100, 1e200):
            add("studentTDistribution.twoSided", [t, df], t_tails(t, df)[0])
        for p in (1e-290, 1e-60, 1e-12, 1e-3, 0.025, 0.3, 0.49, 0.4999999):
            add_quantile("studentTDistribution", p, parameters, stats.t.isf(p, df), tails, t_density, True)


def normal():
    for z in (1e-300, 1e-8, 0.1, 0.5, 0.7, 0.75, 0.8, 1, 1.5, 2, 2.5, 3, 5, 8, 8.5, 12, 20, 30, 36.9):
        for x in (z, -z):
            add_point("normalDistribution", x, (), lambda v: (ncdf(mpf(v)), ncdf(-mpf(v))), lambda v: npdf(mpf(v)))
    for z in (38, 100, 1e4, 1e100):
        with workdps(120):
            x = mpf(z)
            value = -x * x / 2 - log(x * sqrt(2 * pi)) + log(mpmath.hyp2f0(1, mpf(1) / 2, -2 / x**2))
        add("normalDistribution.logSf", [z], value)
        add("normalDistribution.logCdf", [-z], value)
    for p in (1e-299, 1e-200, 1e-100, 1e-50, 1e-20, 1e-12, 1e-11, 1e-6, 0.01, 0.074, 0.076, 0.2, 0.3, 0.49, 0.4999999999):
        with workdps(60):
            z = findroot(lambda v: log(ncdf(v)) - log(mpf(p)), mpf(float(stats.norm.ppf(p))), tol=mpf(10) ** -80, verify=False)
        add("normalDistribution.quantile", [p], z)
        add("normalDistribution.isf", [p], -z)


def kolmogorov_tails(x):
    x = mpf(x)
    if x > 1:
        upper = 2 * sum((-1) ** (k - 1) * exp(-2 * k * k * x * x) for k in range(1, 40))
        return 1 - upper, upper
    lower = sqrt(2 * pi) / x * sum(exp(-((2 * k - 1) ** 2) * pi**2 / (8 * x * x)) for k in range(1, 40))
    return lower, 1 - lower


def kolmogorov_density(x):
    x = mpf(x)
    if x > 1:
        return 8 * x * sum((-1) ** (k - 1) * k * k * exp(-2 * k * k * x * x) for k in range(1, 40))
    total = mpf(0)
    for k in range(1, 40):
        c = (2 * k - 1) ** 2 * pi**2 / 8
        total += exp(-c / (x * x)) * (2 * c / x**4 - 1 / x**2)
    return sqrt(2 * pi) * total


def kolmogorov():
    name = "kolmogorovDistribution"
    for x in (0.0423, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 0.899, 0.9, 0.95, 1, 1.2, 1.36, 2, 3, 5, 8, 12, 18):
        add_point(name, x, (), kolmogorov_tails, kolmogorov_density)
    for p in (1e-290, 1e-100, 1e-30, 1e-10, 1e-3, 0.01, 0.05, 0.3, 0.5, 0.7):
        for upper in (False, True):
            guess = stats.kstwobign.isf(p) if upper else (stats.kstwobign.ppf(p) if p > 1e-20 else sqrt(pi**2 / 8 / -log(mpf(p))))
            add_quantile(name, p, (), guess, kolmogorov_tails, kolmogorov_density, upper)


def deep():
    """Logarithms of tails below every double."""
    for x, df in ((1e4, 3), (1e6, 3), (1e6, 1000), (4e6, 1e6), (2000, 0.3)):
        add("chiSquaredDistribution.logSf", [x, df], log(gamma_tails(mpf(df) / 2, mpf(x) / 2)[1]))
        add("gammaDistribution.logSf", [x, df], log(gamma_tails(df, x)[1]))
    for x, df in ((1e-3, 1000), (1, 1e4), (8e5, 1e6)):
        add("chiSquaredDistribution.logCdf", [x, df], log(gamma_tails(mpf(df) / 2, mpf(x) / 2)[0]))
        add("gammaDistribution.logCdf", [x, df], log(gamma_tails(df, x)[0]))
    for t, df in ((1e3, 1e4), (1e6, 99.9), (1e200, 3.7), (50, 1e6)):
        add("studentTDistribution.logSf", [t, df], log(t_tails(t, df)[0] / 2))
        add("studentTDistribution.logCdf", [-t, df], log(t_tails(t, df)[0] / 2))
    for x, a, b in ((1e-10, 1000, 3), (1e-300, 8.5, 0.1), (0.2, 12345.6, 1e4), (0.4, 1e6, 1e6)):
        add("betaDistribution.logCdf", [x, a, b], log(beta_tails(a, b, x)[0]))
        add("betaDistribution.logSf", [1 - x, b, a], log(beta_tails(b, a, mpf(1 - x))[1]))
    for f, df1, df2 in ((1e4, 5, 399.5), (1e300, 3.7, 10), (1.2, 1e6, 1e6)):
        add("fDistribution.logSf", [f, df1, df2], log(f_tails(f, df1, df2)[1]))
        add("fDistribution.logCdf", [1 / f, df2, df1], log(f_tails(1 / f, df2, df1)[0]))


# ---- non-central t -------------------------------------------------------------------------------------------------


def noncentral_tail(t, df, ncp):
    """P(T > t) over u = ln s, s = chi / sqrt(df): the trapezoidal rule, halved until 28 digits stand."""
    with workdps(45):
        t, df, ncp = mpf(t), mpf(df), mpf(ncp)
        root = sqrt(mpf(2))

        def value(u):
            return erfc((t * exp(u) - ncp) / root) * exp(df * u - df * (exp(2 * u) - 1) / 2)

        low, high = mpf(-60), mpf(6)
        for _ in range(90):
            left, right = low + (high - low) / 3, high - (high - low) / 3
            if log(value(left)) < log(value(right)):
                low = left
            else:
                high = right
        centre, top = low, value(low)
        edges = []
        for sign in (-1, 1):
            far = 1 / sqrt(df + 1)
            while value(centre + sign * far) > top * mpf(10) ** -34:
                far *= mpf("1.2")
            edges.append(centre + sign * far)
        steps = 64
        width = (edges[1] - edges[0]) / steps
        total = sum(value(edges[0] + i * width) for i in range(1, steps))
        while True:
            between = sum(value(edges[0] + (i + mpf(1) / 2) * width) for i in range(steps))
            settled = abs(between - total) < total * mpf(10) ** -15
            total += between
            steps *= 2
            width /= 2
            if settled:
                return total * width * exp(df / 2 * log(df / 2) - df / 2 - loggamma(df / 2))


def noncentral_t():
    cases = []
    for df in (0.1, 0.5, 1, 2.5, 10, 57, 398, 9998, 1e6):
        for ncp in (0, 0.3, 1.96, 2.8, 10, 37.5, 100):
            for offset in (-40, -8, -2, -0.5, 0, 1, 3, 10, 30):
                cases.append((ncp + offset * (1 + ncp / 10), df, ncp))
    for index, (t, df, ncp) in enumerate(cases):
        if t == 0 or index % 3:
            continue
        upper = noncentral_tail(t, df, ncp)
        lower = noncentral_tail(-t, df, -ncp)
        assert abs(upper + lower - 1) < mpf(10) ** -24, (t, df, ncp, upper + lower - 1)
        add("noncentralTDistribution.sf", [t, df, ncp], upper)
        add("noncentralTDistribution.cdf", [t, df, ncp], lower)


# ---- discrete distributions ----------------------------------------------------------------------------------------


def counts_around(mean, sd, low, high):
    ks = {low, high, low + 1, high - 1}
    for z in (-36, -20, -9, -4, -1.5, -0.3, 0, 0.4, 2, 6, 12, 25, 36):
        ks.add(int(floor(mean + z * sd)))
    return sorted(k for k in ks if low <= k <= high)


def discrete():
    for n in (1, 2, 17, 100, 1000, 54321, 1000000):
        for p in (1e-6, 0.002, 0.03, 0.37, 0.5, 0.9, 0.9999):
            for k in counts_around(n * p, (n * p * (1 - p)) ** 0.5, 0, n):
                q = 1 - mpf(p)
                mass = exp(loggamma(mpf(n) + 1) - loggamma(mpf(k) + 1) - loggamma(mpf(n - k) + 1) + k * log(mpf(p)) + (n - k) * log(q))
                add("binomialDistribution.pmf", [k, n, p], mass)
                if k < n:
                    lower, upper = beta_tails(n - k, k + 1, q, p)
                    add("binomialDistribution.cdf", [k, n, p], lower)
                    add("binomialDistribution.sf", [k, n, p], upper)
    for mean in (1e-3, 0.1, 1, 3.7, 25, 180, 1234.5, 54321, 1000000):
        for k in counts_around(mean, mean**0.5, 0, 10**9):
            if k > mean + 1000 * mean**0.5 + 60:
                continue
            add("poissonDistribution.pmf", [k, mean], exp(k * log(mpf(mean)) - mpf(mean) - loggamma(mpf(k) + 1)))
            lower, upper = gamma_tails(k + 1, mean)
            add("poissonDistribution.cdf", [k, mean], upper)
            add("poissonDistribution.sf", [k, mean], lower)
    for population, successes, draws in (
        (5, 2, 3), (22, 13, 8), (100, 50, 50), (300, 151, 149), (1000, 30, 400), (2000, 1000, 1000), (5000, 4321, 77),
        (10000, 500, 5000), (100000, 12345, 6789), (1000000, 1000, 500000), (1000000, 500000, 400000), (999983, 654321, 1234),
    ):
        mean = draws * successes / population
        sd = (mean * (1 - successes / population) * (population - draws) / max(population - 1, 1)) ** 0.5
        low, high = max(0, draws + successes - population), min(successes, draws)
        for k in counts_around(mean, sd, low, high):
            hypergeometric_point(k, population, successes, draws, low, high)


def hypergeometric_point(k, population, successes, draws, low, high):
    choose = lambda n, m: loggamma(mpf(n) + 1) - loggamma(mpf(m) + 1) - loggamma(mpf(n - m) + 1)
    mass = exp(choose(successes, k) + choose(population - successes, draws - k) - choose(population, draws))
    below, term, j = mass, mass, k
    while j > low and term > below * mpf(10) ** -40:
        term *= mpf(j) * (population - successes - draws + j) / (mpf(successes - j + 1) * (draws - j + 1))
        below += term
        j -= 1
    above, term, j = mpf(0), mass, k
    while j < high and (term > above * mpf(10) ** -40):
        term *= mpf(successes - j) * (draws - j) / (mpf(j + 1) * (population - successes - draws + j + 1))
        above += term
        j += 1
    assert abs(below + above - 1) < mpf(10) ** -30, (k, population, successes, draws)
    args = [k, population, successes, draws]
    add("hypergeometricDistribution.pmf", args, mass)
    add("hypergeometricDistribution.cdf", args, below)
    add("hypergeometricDistribution.sf", args, above)


# ---- special functions ---------------------------------------------------------------------------------------------


def special():
    for x in (1e-300, 1e-10, 1e-3, 0.3, 0.7, 0.999999, 1.000001, 1.2, 1.4616, 1.9, 1.999999, 2.000001, 2.3, 3, 3.3, 6.7, 9.99, 10, 20.5, 100.3, 1e3, 1e6, 1e10, 1e100, 1e300):
        add("logGamma", [x], loggamma(mpf(x)))
    for a in SHAPES:
        for b in SHAPES:
            value = loggamma(mpf(a)) + loggamma(mpf(b)) - loggamma(mpf(a) + mpf(b))
            if abs(value) > 1e-2:
                add("logBeta", [a, b], value)
    for x in (1e-300, 1e-10, 0.1, 0.3, 0.499, 0.5, 0.7, 0.99, 1, 1.3, 1.99, 2, 2.7, 3.5, 4.4, 5.3, 5.99, 6, 6.5, 8, 10, 15, 20, 25, 26.1):
        for v in (x, -x):
            add("erf", [v], erf(mpf(v)))
            add("erfc", [v], erfc(mpf(v)))
            with workdps(400):
                add("erfcx", [v], exp(mpf(v) ** 2) * erfc(mpf(v)))
    for a in SHAPES:
        for z in (-36, -20, -7, -2, -0.3, 0, 0.01, 0.5, 3, 10, 20, 36):
            x = a + z * a**0.5
            if x <= 0:
                continue
            lower, upper = gamma_tails(a, x)
            add("incompleteGamma.lower", [a, x], lower)
            add("incompleteGamma.upper", [a, x], upper)
        for x in (1e-10, 1e-3, 0.5, 1.19, 1.21, 2, 5, 50, 680):
            lower, upper = gamma_tails(a, x)
            add("incompleteGamma.lower", [a, x], lower)
            add("incompleteGamma.upper", [a, x], upper)
    shapes = [1e-3, 0.1, 0.4999, 0.5, 1, 3.7, 25, 399.5, 12345.6, 1000000]
    for a in shapes:
        for b in shapes:
            mean = a / (a + b)
            sd = (mean * (1 - mean) / (a + b + 1)) ** 0.5
            for x in [mean + z * sd for z in (-30, -8, -1, 0, 0.5, 4, 12)] + [1e-12, 0.01, 0.5, 0.9]:
                if 0 < x < 1:
                    lower, upper = beta_tails(a, b, x)
                    add("incompleteBeta.lower", [a, b, x], lower)
                    add("incompleteBeta.upper", [a, b, x], upper)
            for y in (1e-30, 1e-18):
                lower, upper = beta_tails(a, b, 1 - mpf(y), y)
                add("incompleteBeta.lower", [a, b, 1, y], lower)
                add("incompleteBeta.upper", [a, b, 1, y], upper)


def thin(cases):
    """At most MOST cases, spread evenly over the grid in a fixed pseudo-random order, so that every part is kept."""
    keyed = sorted(cases.items(), key=lambda case: hashlib.sha256(repr(case[0]).encode()).hexdigest())
    return sorted(keyed[:MOST])


def main():
    self_check()
    for part in (special, normal, student_t, continuous, deep, kolmogorov, discrete, noncentral_t):
        part()
        print(part.__name__, sum(len(g) for g in groups.values()), file=sys.stderr)
    write()


def write():
    head = {
        "schema": "golden-values/1",
        "topic": "distributions-wide",
        "sources": "mpmath at 50 digits or more, written by scripts/golden/distributions.py",
        "versions": {"mpmath": mpmath.__version__, "scipy": scipy.__version__},
        "notes": ["Every case is [argument, ..., value]; the doubles are taken as exact.", "Values below 1e-300 are left out."],
    }
    print(json.dumps(head)[:-1] + ', "groups": [')
    names = sorted(groups)
    for i, name in enumerate(names):
        rows = [json.dumps([*(int(a) if a == int(a) and abs(a) < 1e15 else a for a in args), value]) for args, value in thin(groups[name])]
        print(json.dumps({"function": name})[:-1] + ', "cases": [')
        print(",\n".join(rows))
        print("]}" + ("," if i + 1 < len(names) else ""))
    print("]}")


if __name__ == "__main__":
    main()

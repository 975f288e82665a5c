"""Inverse distribution functions whose bits are the same on every machine.

Why this way: the logarithm of one C library differs from that of another in the last bit, and so
does NumPy's own with the processor. A plan drawn on two machines would differ, rarely and beyond
finding. So everything here is made of + - * / and sqrt, which IEEE 754 rounds exactly, of
comparisons, and of moves of bits (frexp, ldexp). A value depends on its own argument alone, never
on the array that it stands in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Family = Literal["exponential", "gamma", "lognormal", "normal", "weibull"]


@dataclass(frozen=True)
class Standard:
    """A smooth law without its scale.

    The shape is k for gamma and weibull (scale 1), sigma for lognormal (median 1), and 1 for
    exponential (mean 1) and normal (mean 0, sd 1). Good for gamma shapes of 0.01 to 1e4.
    """

    family: Family
    shape: float

    def quantile(self, t: Array, upper: bool) -> Array:
        """Return the value at u = t, or at u = 1 - t where `upper`, for t in (0, 1/2]."""
        t = np.asarray(t, dtype=np.float64)
        if self.family in ("lognormal", "normal"):
            z = -normal_quantile(t) if upper else normal_quantile(t)
            return z if self.family == "normal" else exp(self.shape * z)
        if self.family == "gamma":
            return _gamma_quantile(self.shape, t.ravel(), upper).reshape(t.shape)
        exponential = -log(t) if upper else -log1p(-t)
        return exponential if self.family == "exponential" else power(exponential, 1 / self.shape)

    def tail(self, x: Array, upper: bool) -> Array:
        """Return the probability of at most x, or of more than x where `upper`, for x >= 0."""
        x = np.minimum(np.asarray(x, dtype=np.float64), _LARGEST)
        if self.family == "gamma":
            return incomplete_gamma(self.shape, x, upper)
        if self.family == "exponential":
            return incomplete_gamma(1.0, x, upper)
        if self.family == "weibull":
            return incomplete_gamma(1.0, power(x, self.shape), upper)
        z = log(x) / self.shape
        beyond = 0.5 * incomplete_gamma(0.5, 0.5 * z * z, upper=True)
        return np.where((z > 0) == upper, beyond, 1 - beyond)


def normal_quantile(t: Array) -> Array:
    """Return the standard normal quantile, for t in (0, 1/2] (Wichura 1988, AS241, PPND16)."""
    t = np.asarray(t, dtype=np.float64)
    q = t - 0.5
    r = 0.180625 - q * q
    central = q * _polynomial(_CENTER_TOP, r) / _polynomial(_CENTER_BOTTOM, r)
    r = np.sqrt(-log(t))
    near = _polynomial(_NEAR_TOP, r - 1.6) / _polynomial(_NEAR_BOTTOM, r - 1.6)
    far = _polynomial(_FAR_TOP, r - 5.0) / _polynomial(_FAR_BOTTOM, r - 5.0)
    return np.where(t >= 0.075, central, -np.where(r <= 5.0, near, far))


def incomplete_gamma(shape: float, x: Array, upper: bool) -> Array:
    """Return the regularized incomplete gamma function P(shape, x), or Q where `upper`.

    Exact in the tail that is asked for: by the series up to shape + 1.5 and by Legendre's continued
    fraction beyond (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31). x >= 0, infinity allowed.
    """
    x = np.asarray(x, dtype=np.float64)
    flat = np.minimum(np.maximum(x.ravel(), _SMALLEST), _LARGEST)
    deviance, near = log(flat / shape), flat < shape + 1.5
    density = exp(shape * deviance - (flat - shape) + _log_peak(shape))
    result = np.empty_like(flat)
    below = density[near] * _series(shape, flat[near])
    above = density[~near] * shape * _fraction(shape, flat[~near])
    result[near] = 1 - below if upper else below
    result[~near] = above if upper else 1 - above
    return np.where(x > 0, result.reshape(x.shape), 1.0 if upper else 0.0)


def _gamma_quantile(shape: float, t: Array, upper: bool) -> Array:
    """Solve log tail(v) = log t for v = log(x / shape), by Halley's method on each element.

    Both log tails are concave in v (Bagnoli and Bergstrom 2005), so that no start can lead astray.
    """
    v, log_t = _gamma_start(shape, t, upper), log(t)
    result = np.empty_like(t)
    rows = np.arange(t.size)
    while rows.size:
        x = shape * exp(v)
        log_tail, slope = _log_gamma_tail(shape, v, x, upper)
        newton = (log_t[rows] - log_tail) / slope
        # d(slope)/dv = slope * (shape - x - slope), because the density of v is e**(shape*v - x).
        step = newton / np.maximum(1 + 0.5 * newton * (shape - x - slope), 0.5)
        v = v + np.minimum(np.maximum(step, -2.0), 2.0)
        # Cubic convergence: after a step this short the next one would be below rounding.
        going = np.abs(step) > 1e-6 / (1 + 0.001 * shape)
        result[rows[~going]] = v[~going]
        rows, v = rows[going], v[going]
    return shape * exp(result)


def _gamma_start(shape: float, t: Array, upper: bool) -> Array:
    """Return the larger of Wilson and Hilferty's quantile (1931) and a lower bound, as a logarithm.

    The bound is exact for small x: P(x) < x**shape / gamma(shape + 1).
    """
    z = -normal_quantile(t) if upper else normal_quantile(t)
    log_u = log1p(-t) if upper else log(t)
    bound = (log_u - _log_peak(shape) - shape) / shape
    root = 1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape))
    return np.maximum(bound, 3 * log(np.maximum(root, 0.0)))


def _log_gamma_tail(shape: float, v: Array, x: Array, upper: bool) -> tuple[Array, Array]:
    """Return the log of P(x), or of Q(x) where `upper`, and its slope in v = log(x / shape)."""
    log_density = shape * v - (x - shape) + _log_peak(shape)
    if not upper:
        series = _series(shape, x)
        return log_density + log(series), shape / series
    log_tail, slope = np.empty_like(x), np.empty_like(x)
    near = x < shape + 1.5
    density = exp(log_density[near])
    below = density * _series(shape, x[near])
    log_tail[near], slope[near] = log1p(-below), -shape * density / (1 - below)
    fraction = _fraction(shape, x[~near])
    log_tail[~near], slope[~near] = log_density[~near] + log(shape * fraction), -1 / fraction
    return log_tail, slope


def _log_peak(shape: float) -> float:
    """Return log(shape**shape * e**-shape / gamma(shape + 1)), without cancellation if large."""
    a = np.asarray(shape, dtype=np.float64)
    if shape >= _STIRLING_FROM:
        return float(-0.5 * log(2 * _PI * a) - _stirling(a))
    return float(a * log(a) - a - log_gamma(a + 1))


def _series(shape: float, x: Array) -> Array:
    """Return 1 + x/(a+1) + x**2/((a+1)(a+2)) + ..; terms too many change nothing."""
    total, term = np.ones_like(x), np.ones_like(x)
    below = shape
    while np.any(term > total * _HALF_ULP) or below < shape + 8:
        for _ in range(8):
            below += 1
            term = term * (x / below)
            total = total + term
    return total


def _fraction(shape: float, x: Array) -> Array:
    """Return 1/(x+1-a - 1(1-a)/(x+3-a - ..)), by Lentz's method (1976), for x > shape + 1."""
    result = np.empty_like(x)
    rows = np.arange(x.size)
    b = x + (1 - shape)
    c, d = np.full_like(x, 1e300), 1 / b
    h, k = d, 0
    while rows.size:
        for _ in range(8):
            k += 1
            weight = k * (shape - k)
            b = b + 2
            d = 1 / (weight * d + b)
            c = b + weight / c
            factor = c * d
            h = h * factor
        going = np.abs(factor - 1) > 4e-16
        result[rows[~going]] = h[~going]
        rows, b, c, d, h = rows[going], b[going], c[going], d[going], h[going]
    return result


def log_gamma(a: Array | float) -> Array:
    """Return the logarithm of the gamma function, for a > 0, to 1e-14 * (1 + its size).

    By Stirling's series after a shift (Abramowitz and Stegun 1964, 6.1.15 and 6.1.41).
    """
    a = np.asarray(a, dtype=np.float64)
    shifted, product = a, np.ones_like(a)
    for _ in range(int(_STIRLING_FROM)):
        small = shifted < _STIRLING_FROM
        product = np.where(small, product * shifted, product)
        shifted = np.where(small, shifted + 1, shifted)
    main = (shifted - 0.5) * log(shifted) - shifted + _HALF_LOG_2_PI
    return main + _stirling(shifted) - log(product)


def _stirling(a: Array) -> Array:
    """Return log(gamma(a)) less (a - 1/2) log(a) - a + log(2 pi)/2, for a >= 9."""
    return _polynomial(_STIRLING, 1 / (a * a)) / a


def power(x: Array, y: float) -> Array:
    """Return x**y for x >= 0 and y > 0, to |y log x| + 1 units in the last place."""
    return exp(y * log(x))


def log(x: Array) -> Array:
    """Return the natural logarithm to one unit in the last place, x >= 0 (fdlibm e_log.c)."""
    mantissa, exponent = np.frexp(x)
    low = mantissa < _HALF_SQRT_2
    f = np.where(low, 2 * mantissa, mantissa) - 1
    k = exponent - low.astype(np.float64)
    s = f / (2 + f)
    half_square = 0.5 * f * f
    rest = s * (half_square + s * s * _polynomial(_LOG, s * s)) + k * _LN_2_LOW
    return np.where(x > 0, k * _LN_2_HIGH - ((half_square - rest) - f), -np.inf)


def log1p(x: Array) -> Array:
    """Return log(1 + x), for x > -1, to two units in the last place (fdlibm s_log1p.c)."""
    x = np.asarray(x, dtype=np.float64)
    u = 1 + x
    lost = np.where(x < 1, x - (u - 1), 1 - (u - x))
    return log(u) + lost / u


def exp(x: Array) -> Array:
    """Return e**x, to one unit in the last place (fdlibm e_exp.c)."""
    inside = np.minimum(np.maximum(x, -746.0), 709.78)
    k = np.rint(inside * _1_BY_LN_2)
    high, low = inside - k * _LN_2_HIGH, k * _LN_2_LOW
    r = high - low
    c = r - r * r * _polynomial(_EXP, r * r)
    y = 1 - ((low - (r * c) / (2 - c)) - high)
    return np.where(x > 709.78, np.inf, np.ldexp(y, k.astype(np.int32)))


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    """Return the polynomial, highest power first, by Horner's rule."""
    total = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        total = total * x + coefficient
    return total


_HALF_ULP = 1 / 18014398509481984
_SMALLEST = 2.2250738585072014e-308
_LARGEST = 1e300
_PI = 3.141592653589793
_HALF_LOG_2_PI = 0.9189385332046727
_HALF_SQRT_2 = 0.7071067811865476
_1_BY_LN_2 = 1.44269504088896338700
_LN_2_HIGH = 6.93147180369123816490e-01
_LN_2_LOW = 1.90821492927058770002e-10
_LOG = (
    1.479819860511658591e-01,
    1.531383769920937332e-01,
    1.818357216161805012e-01,
    2.222219843214978396e-01,
    2.857142874366239149e-01,
    3.999999999940941908e-01,
    6.666666666666735130e-01,
)
_EXP = (
    4.13813679705723846039e-08,
    -1.65339022054652515390e-06,
    6.61375632143793436117e-05,
    -2.77777777770155933842e-03,
    1.66666666666666019037e-01,
)
_STIRLING_FROM = 9.0
_STIRLING = (
    -3617 / 122400,
    1 / 156,
    -691 / 360360,
    1 / 1188,
    -1 / 1680,
    1 / 1260,
    -1 / 360,
    1 / 12,
)
_CENTER_TOP = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
_CENTER_BOTTOM = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_NEAR_TOP = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_NEAR_BOTTOM = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
_FAR_TOP = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_FAR_BOTTOM = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)

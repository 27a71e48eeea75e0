//! Elementary functions with the same bits on every platform.
//!
//! The functions of the standard library differ in the last bit between systems, which can move a
//! term to another theme. These come from `libm`; `sqrt` is exact by IEEE 754 and needs no wrapper.

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Exponential function.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `x` to the power `y`.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Complementary error function, 1 − erf(x).
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Logarithm of the gamma function at `x > 0`.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

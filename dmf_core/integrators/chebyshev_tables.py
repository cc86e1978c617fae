"""The numbers of Runge-Kutta-Chebyshev steps (RKC2), by their stages."""

import math
from functools import cache

import torch
from torch import Tensor

FINE = 400  # stages up to which every number of them has its own coefficients


@cache
def coefficients(s: int) -> tuple[list[tuple[float, float, float, float]], float]:
    """Per stage j = 1..s (mu_j, nu_j, mu~_j, gamma~_j), and the error constant c(s).

    Source: Sommeijer, Shampine, Verwer 1998, equations 2.4 to 2.8. c(s) is derived: the mean of the constants of
    f'f'f and f''(f, f), which are 8 % apart for s = 3 and less than 1 % from s = 5 on.
    """
    w0 = 1 + 2 / (13 * s * s)
    T, dT, ddT = [1.0, w0], [0.0, 1.0], [0.0, 0.0]
    for j in range(2, s + 1):
        T.append(2 * w0 * T[j - 1] - T[j - 2])
        dT.append(2 * T[j - 1] + 2 * w0 * dT[j - 1] - dT[j - 2])
        ddT.append(4 * dT[j - 1] + 2 * w0 * ddT[j - 1] - ddT[j - 2])
    w1 = dT[s] / ddT[s]
    b = [0.0, 0.0] + [ddT[j] / dT[j] ** 2 for j in range(2, s + 1)]
    b[0] = b[1] = b[2]
    table = [(0.0, 0.0, b[1] * w1, 0.0)]
    for j in range(2, s + 1):
        mu = 2 * b[j] * w1 / b[j - 1]
        table.append((2 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2], mu, -(1 - b[j - 1] * T[j - 1]) * mu))
    return table, _error_constant(table)


def _error_constant(table: list[tuple[float, float, float, float]]) -> float:
    first = table[0][2]
    c, square = [0.0, first], [0.0, 0.0]  # x = t and x' = t^2: abscissae and sum of b c^2
    z2, z3 = [0.0, 0.0], [0.0, 0.0]  # x' = z x: coefficients of z^2 and z^3
    for mu, nu, mu_t, gamma_t in table[1:]:
        square.append(mu * square[-1] + nu * square[-2] + mu_t * c[-1] ** 2)
        z3.append(mu * z3[-1] + nu * z3[-2] + mu_t * z2[-1])
        z2.append(mu * z2[-1] + nu * z2[-2] + mu_t * c[-1])
        c.append(mu * c[-1] + nu * c[-2] + mu_t + gamma_t)
    return ((1 / 6 - z3[-1]) + (1 / 3 - square[-1]) / 2) / 2


def stages(h_rho: float) -> int:
    """The fewest stages, at least 3, that are stable for a step of h_rho = h * spectral radius; rounded up beyond `FINE`.

    Long tables are costly to make and to keep: between 400 and 12,500 there are 40 of them, 9 % apart.
    """
    fewest = max(3, 1 + int(math.sqrt(1 + 1.54 * h_rho)))
    return fewest if fewest <= FINE else math.ceil(FINE * 2 ** (math.ceil(8 * math.log2(fewest / FINE)) / 8))


@cache
def stage_weights(s: int, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:  # [s, 4] both
    """(A, B): A + h B are the stages' weights of the four rows of the table other than the one that is updated."""
    A, B = torch.zeros(s, 4, dtype=torch.float64), torch.zeros(s, 4, dtype=torch.float64)
    for j, (mu, _, mu_t, gamma_t) in enumerate(coefficients(s)[0]):
        row = [(mu, 0.0), (0.0, mu_t), (0.0, gamma_t), (0.0, mu_t)]  # last stage; F, start and source times h
        row = row if j % 2 else row[1:] + row[:1]
        A[j], B[j] = torch.tensor([a for a, _ in row]), torch.tensor([b for _, b in row])
    return A.to(device=device, dtype=dtype), B.to(device=device, dtype=dtype)

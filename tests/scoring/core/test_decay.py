import numpy as np
import pytest

from scoring.core.decay import decay_weight


def test_a_reaction_halves_every_half_life() -> None:
    assert decay_weight([0, 4.5, 9, 36], 4.5).tolist() == [1, 0.5, 0.25, 2**-8]


@pytest.mark.parametrize("age", [-0.1, np.nan, np.inf])
def test_reactions_of_the_future_and_ages_that_are_no_number_are_refused(age: float) -> None:
    with pytest.raises(ValueError, match="age"):
        decay_weight([age], 4.5)


@pytest.mark.parametrize("half_life", [0.0, -1.0, np.nan])
def test_a_half_life_is_above_zero(half_life: float) -> None:
    with pytest.raises(ValueError, match="half-life"):
        decay_weight([1], half_life)

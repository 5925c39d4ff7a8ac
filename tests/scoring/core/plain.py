"""The features once more, slowly and in plain Python: what the fast ones must agree with."""

from collections import defaultdict

from scoring.core.features import people_measures
from scoring.core.params import Params

Row = tuple[int, int, int, int, int]


def _with_unknown(known: float, unknown: float, params: Params, unit: float = 1.0) -> float:
    return known + min(unknown, params.unknown_share * known + params.unknown_people * unit)


def people(rows: list[Row], n_accounts: int, params: Params) -> list[list[float]]:
    names = people_measures(params)
    half_lives = {m.name: m.half_life_days or 0.0 for m in params.measures}
    best: dict[tuple[int, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for account, reactor, kind, trust_class, age in rows:
        if kind < 0:
            continue
        left = 2 ** (-age / half_lives[names[kind]])
        of = best[account, kind, reactor]
        known = trust_class > 0
        of[known] = max(of[known], left)
    result = [[0.0] * len(names) for _ in range(n_accounts)]
    for account in range(n_accounts):
        for kind in range(len(names)):
            mine = [v for (a, k, _), v in best.items() if (a, k) == (account, kind)]
            known_sum = sum(known for _, known in mine)
            unknown_sum = sum(max(unknown - known, 0.0) for unknown, known in mine)
            result[account][kind] = _with_unknown(known_sum, unknown_sum, params)
    return result


def quality(rows: list[Row], n_accounts: int, params: Params) -> list[float]:
    half_life = next(m.half_life_days or 0.0 for m in params.measures if m.name == "quality")
    best: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for account, reactor, _, trust_class, age in rows:
        left = params.class_weights[trust_class] * 2 ** (-age / half_life)
        of = best[account, reactor]
        of[trust_class > 0] = max(of[trust_class > 0], left)
    result = []
    for account in range(n_accounts):
        mine = [v for (a, _), v in best.items() if a == account]
        known_sum = sum(known for _, known in mine)
        unknown_sum = sum(max(unknown - known, 0.0) for unknown, known in mine)
        result.append(_with_unknown(known_sum, unknown_sum, params, params.class_weights[0]))
    return result


def top_posts(rows: list[Row], n_accounts: int, params: Params) -> list[float]:
    half_life = next(m.half_life_days or 0.0 for m in params.measures if m.name == "top_posts")
    result = []
    for account in range(n_accounts):
        sums = []
        for unknown in (False, True):
            of_post: dict[int, float] = defaultdict(float)
            for owner, post, trust_class, count, age in rows:
                if owner == account and (trust_class == 0) == unknown:
                    of_post[post] += count * 2 ** (-age / half_life)
            sums.append(sum(sorted(of_post.values(), reverse=True)[: params.top_posts_count]))
        result.append(_with_unknown(sums[0], sums[1], params))
    return result

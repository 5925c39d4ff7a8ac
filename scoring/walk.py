"""From one day to the next: windows, trust, yesterday's scores – and the rows of each day.

Days are scored one after the other, because a reaction's trust class is read from the mass that
its author had the day before. Nothing is carried from day to day that the rows in PostgreSQL do
not also give: a walk that starts at any day comes to the same rows.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from connectors.types import Kind
from scoring import anonymous, inputs, loading, moving_posts, plus_k, signals, windows
from scoring.anonymous import AnonymousSums
from scoring.audience import Counts
from scoring.core import band, cap, features, integrity, moments, trust, unknown
from scoring.core.band import Band
from scoring.core.model import Evaluation
from scoring.explanations import Why
from scoring.inputs import Free, Measured
from scoring.loading import (
    Bools,
    Floats,
    Integers,
    Yesterday,
)
from scoring.scored_day import Given, ScoredDay, window_days, with_post
from scoring.servers import Servers
from scoring.units import units_of
from scoring.windows import PairWindow, PostWindow


@dataclass(frozen=True, slots=True)
class _Day:
    """What holds on one day for all its evaluations."""

    number: int
    # By how many days the ages of each account's reactions are put back.
    shift: Floats
    followers: Counts
    lists: Counts
    free: Free  # of the units
    # Who acted on whom: source person · P + target person, ascending.
    acts: Integers
    # How far each act is inside a dense reciprocal group of its target.
    membership: Floats
    # Of each server that anyone can run.
    standing: Floats


class Walk:
    """The state after a day; `step` scores the next one."""

    def __init__(self, given: Given, pairs: pa.Table, posts: pa.Table, before: Yesterday) -> None:
        self._given = given
        self._units = units_of(given.people, given.servers.of_account)
        # The mass up to which each unit counts on the day of the last step, because of its server.
        self._most: Floats | None = None
        # What +K comes to on that day.
        self._credit = plus_k.nothing(self._units.people_count, self._units.sums_count)
        self._unnamed = given.anonymous or anonymous.nothing(given.model.params)
        self._days = window_days(given.model.params)
        measures = features.people_measures(given.model.params)
        self._kind_index = np.full(max(Kind) + 1, -1, dtype=np.int64)
        for kind, name in signals.KIND_MEASURE.items():
            self._kind_index[kind] = measures.index(name)
        self._pairs: tuple[PairWindow, ...] = ()
        self._posts: tuple[PostWindow, ...] = ()
        self.remember(pairs, posts)
        self._before = before

    def remember(self, pairs: pa.Table, posts: pa.Table) -> None:
        """Take further rows of days before the next one to step into the windows."""
        self._pairs += (self._pair_window(pairs),)
        self._posts += (self._post_window(with_post(posts)),)

    @property
    def before(self) -> Yesterday:
        """What the next day to step takes over from the last one."""
        return self._before

    @property
    def servers(self) -> Servers:
        """Who lives on servers that anyone can run."""
        return self._given.servers

    def reactors(self, day: date) -> pa.Table:
        """Return the reactors of whom more is known, and their classes of the day, the next one."""
        given = self._given
        classes = given.fixed_classes
        if classes is None:
            known = np.append(self._before.trust_class, -1)
            classes = known[loading.positions(given.people.person_ids, given.reactors.person_ids)]
        return loading.reactor_rows(
            given.reactors,
            classes,
            given.servers.without_standing(self._standing(loading.number(day)), given.model.params),
        )

    def step(self, day: date, pairs: pa.Table, all_posts: pa.Table) -> ScoredDay:
        """Return what the day comes to; the tables are the roll-up of the day."""
        given, today = self._given, loading.number(day)
        posts = with_post(all_posts)
        after = today - self._days
        self._pairs = windows.between((*self._pairs, self._pair_window(pairs)), after=after)
        self._posts = windows.between((*self._posts, self._post_window(posts)), after=after)

        unfetched = given.fetches.unfetched_days(today)
        about = self._about(today, unknown.carried_shift(unfetched, given.model.params))
        seen = self._measured(about, with_today=True)
        x = inputs.inputs(seen, about.free, given.model)
        self._most, level = given.servers.most_mass(
            x, about.free.server, self._units, about.standing, given.model
        )
        self._credit = self._credit_on(about)
        result = self._evaluated(x)
        value, held_back = self._capped(result, about)
        count = value.size
        observed = np.maximum(today - unfetched - given.people.first_known_day + 1, 0)
        found = band.band(
            given.model,
            result,
            # What is kept apart has no daily cap.
            np.append(value, result.raw[count:]),
            self._units.target,
            self._units.strongest(observed),
        )
        person_mass = result.person_mass[:count]
        classes = self._trust(person_mass, about.acts)
        moment = self._moments(about, result, all_posts)
        self._before = self._kept(value, classes, result, today)
        return ScoredDay(
            day,
            pairs,
            posts,
            value,
            found.low[:count],
            found.high[:count],
            found.provisional[:count],
            person_mass,
            classes,
            self._why(result, held_back, found, unfetched > 0),
            inputs.discounts(seen, about.free, x, given.model, self._most, self._credit.points)
            + plus_k.discounts(self._credit, result, self._units, given.model),
            *moment,
            interactions_count=int(np.sum(pairs["count"].to_numpy())),
            missing_accounts_count=int(np.count_nonzero(unfetched)),
            standing=about.standing,
            level=level,
            without_score=self._units.without_sum(),
        )

    def _why(self, result: Evaluation, held_back: Floats, found: Band, carried: Bools) -> Why:
        """Return what explains the day's scores, and the sub-scores of what is kept apart."""
        units, ids = self._units, self._given.people.account_ids
        count = held_back.size
        return Why(
            self._given.model,
            result,
            units.target,
            ids[units.first],
            units.networks,
            held_back,
            units.unknown,
            units.any(carried),
            units.person_index[units.apart],
            found.low[count:],
            found.high[count:],
            found.provisional[count:],
            {unit: tuple(ids[list(others)].tolist()) for unit, others in units.others.items()},
            self._credit,
        )

    def _kept(self, value: Floats, classes: Integers, result: Evaluation, today: int) -> Yesterday:
        """Return what the next day takes over, as loading.yesterday reads it."""
        people, units = self._given.people, self._units
        nobody = units.without_sum()
        going_on = units.any(people.first_synced_day >= today + 1)
        mass = np.zeros(people.account_ids.size)
        mass[units.first] = np.where(going_on, result.mass, 0.0)
        return Yesterday(
            np.where(nobody, np.nan, value),
            np.where(nobody, -1, classes),
            np.where(nobody, 0.0, result.person_mass[: nobody.size]),
            mass,
        )

    def _standing(self, today: int) -> Floats:
        """Return the standing of each server on the day, by the day before."""
        given = self._given
        return given.servers.standing(today, self._before.trust_class, given.model.params)

    # --- Windows --------------------------------------------------------------------------------
    def _pair_window(self, rows: pa.Table) -> PairWindow:
        """Return pair rows as arrays, without follows, strangers' accounts and one's own."""
        people, reactors = self._given.people, self._given.reactors
        account = people.account_index(loading.integers(rows, "account_id"))
        reactor = loading.integers(rows, "reactor_key")
        kind = loading.integers(rows, "kind")
        person_id = reactors.person_of(reactor)
        # Account −1, of nobody here, is at the end; there may be nobody else.
        owners = np.append(people.person_ids[people.person_index], -1)
        own = owners[account] == person_id
        # A follow shows in the audience; the other own account may be known only since.
        keep = (account >= 0) & (kind != Kind.FOLLOW) & ~own
        # All accounts of a person here are one reactor; keys are positive.
        reactor = np.where(person_id >= 0, -person_id - 1, reactor)
        person = loading.positions(people.person_ids, person_id)
        if people.apart is not None:
            # What happens on a network kept apart says nothing of anybody elsewhere.
            person = np.where(np.append(people.apart, False)[account], -1, person)
        return windows.block(
            PairWindow,
            people.person_index,
            day=loading.integers(rows, "day")[keep],
            account=account[keep],
            reactor=reactor[keep],
            kind=self._kind_index[kind[keep]],
            trust_class=loading.integers(rows, "trust_class")[keep],
            person=person[keep],
        )

    def _post_window(self, rows: pa.Table) -> PostWindow:
        account = self._given.people.account_index(loading.integers(rows, "account_id"))
        keep = account >= 0
        return windows.block(
            PostWindow,
            self._given.people.person_index,
            day=loading.integers(rows, "day")[keep],
            account=account[keep],
            post=loading.integers(rows, "post_id")[keep],
            **{
                name: loading.integers(rows, name)[keep]
                for name in ("kind", "trust_class", "people")
            },
        )

    # --- The model ------------------------------------------------------------------------------
    def _about(self, today: int, shift: Floats) -> _Day:
        """Return what holds on the day: counts, lifted discounts, who acts on whom."""
        given, people = self._given, self._given.people
        n_accounts, n_people = people.account_ids.size, people.person_ids.size
        rules = given.model.params.integrity
        acts = self._acts()
        source = acts // max(n_people, 1)
        free = {
            kind.value: self._units.any((first <= today) & (today <= last))
            for kind, (first, last) in given.lifted.items()
        }
        return _Day(
            today,
            shift,
            given.audience.followers.on(today, n_accounts, rules.step_days),
            given.audience.lists.on(today, n_accounts, rules.step_days),
            replace(inputs.nobody_free(self._units.count), **free),
            acts,
            integrity.ring_membership(source, acts - source * n_people, n_people, rules),
            self._standing(today),
        )

    def _acts(self) -> Integers:
        """Return who acted on whom in the window: source person · P + target person, ascending."""
        people = self._given.people
        found = []
        for pairs in self._pairs:
            person = pairs.person.astype(np.int64)
            # A server must not tell what people of other servers do to everybody.
            acting = person >= 0
            acting &= ~self._given.servers.told_of_others(pairs.account, person)
            target = people.person_index[pairs.account[acting]]
            source = pairs.person[acting].astype(np.int64)
            found.append(np.unique(source * people.person_ids.size + target))
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *found]))

    def _measured(
        self, about: _Day, *, with_today: bool = True, only: Bools | None = None
    ) -> Measured:
        """Return what was counted: without the day's own reactions, or of some accounts only."""
        pairs, posts = self._pairs, self._posts
        if only is not None:
            pairs = tuple(windows.picked(one, only[one.account]) for one in pairs)
            posts = tuple(windows.picked(one, only[one.account]) for one in posts)
        if not with_today:
            pairs = windows.between(pairs, before=about.number)
            posts = windows.between(posts, before=about.number)
        # Nobody knows which post they came for: what they bring is no moment.
        unnamed = self._unnamed.on(about.number, about.shift)
        people = self._given.people
        pieces = windows.by_people(pairs, posts, people.person_index, people.person_ids.size)
        if only is not None:
            unnamed = unnamed.only(only)
            about = replace(
                about, followers=about.followers.only(only), lists=about.lists.only(only)
            )
        return inputs.added_up([self._piece(about, unnamed, *piece) for piece in pieces])

    def _piece(
        self, about: _Day, unnamed: AnonymousSums, pairs: PairWindow, posts: PostWindow
    ) -> Measured:
        """Return what was counted by these rows: all rows of some people."""
        people, params = self._given.people, self._given.model.params
        unit = self._units.of_account
        seen = features.Pairs(
            unit[pairs.account],
            pairs.reactor,
            pairs.kind,
            pairs.trust_class,
            np.maximum(about.number - pairs.day - about.shift[pairs.account], 0.0),
            integrity.membership_of(
                pairs.person.astype(np.int64),
                people.person_index[pairs.account],
                about.acts,
                about.membership,
                people.person_ids.size,
            ),
            self._given.servers.groups(pairs.reactor, pairs.person, pairs.trust_class),
            self._given.servers.quotas(about.standing, params),
        )
        post_age = np.maximum(about.number - posts.day - about.shift[posts.account], 0.0)
        acted = features.PostPeople(
            unit[posts.account], posts.post, posts.trust_class, posts.people, post_age
        )
        return inputs.measured(
            seen, acted, about.followers, about.lists, unnamed, self._units, params
        )

    def _credit_on(self, about: _Day) -> plus_k.Day:
        """Return what +K comes to on the day, by yesterday's classes of the givers."""
        given = self._given
        return plus_k.on(
            given.credits,
            about.number,
            self._before,
            (about.acts, about.membership),
            (given.servers, about.standing),
            self._units,
            about.free.plus_k,
            given.model.params,
        )

    def _evaluated(self, x: Floats) -> Evaluation:
        units = self._units
        return self._given.model.evaluate(
            x,
            units.target,
            units.sums_count,
            unknown=units.unknown,
            networks=units.networks,
            most_mass=self._most,
            plus_k=self._credit.points,
        )

    def _capped(self, result: Evaluation, about: _Day) -> tuple[Floats, Floats]:
        """Return the shown scores and what the daily cap held back.

        What accounts gain within their first history (up to the day of the first sync) is not
        capped: yesterday is taken as if it had been there.
        """
        model, units = self._given.model, self._units
        fresh_account = self._given.people.first_synced_day >= about.number
        fresh = units.any(fresh_account)
        before = units.total(self._before.account_mass)
        grown = np.where(fresh, np.maximum(result.mass - before, 0.0), 0.0)
        partly = fresh & units.any(~fresh_account)
        if partly.any():
            # Beside an account that was there before: no more than the new one has alone, so that
            # an empty one opened on the day of a popular post frees nothing from the cap.
            alone = self._measured(about, only=fresh_account & partly[units.of_account])
            mass = self._evaluated(inputs.inputs(alone, about.free, model)).mass
            grown = np.where(partly, np.minimum(grown, mass), grown)
        new_mass = model.person_mass(grown, units.target, units.sums_count)
        count = units.people_count
        # +K multiplies 1 + M, as it adds to its logarithm.
        new_mass = new_mass[:count] * np.exp(model.params.beta * self._credit.points[:count])
        previous = cap.with_first_histories(self._before.value, new_mass, model)
        return cap.capped(previous, result.raw[:count], model)

    def _trust(self, person_mass: Floats, acts: Integers) -> Integers:
        """Return the class that each person's reactions have from tomorrow on."""
        people, params = self._given.people, self._given.model.params
        if self._given.fixed_classes is not None:
            # Whom a single person acts on is not loaded here: the audience decides until the
            # next daily run, as it does for everybody who is not scored.
            audience = np.zeros(people.person_ids.size)
            newest = self._given.audience.followers.levels.at(
                loading.DAY_LIMIT - 1, people.account_ids.size
            )
            if people.apart is not None:
                newest = np.where(people.apart, 0.0, newest)
            # What a server says of its own account is one neutral account.
            limited = self._given.servers.of_account >= 0
            newest = np.where(
                limited, np.minimum(newest, params.integrity.neutral_followers), newest
            )
            np.maximum.at(audience, people.person_index, newest)
            return trust.class_from_audience(audience, params).astype(np.int64)
        n_people = people.person_ids.size
        out_people = np.bincount(acts // max(n_people, 1), minlength=n_people)
        ordinary = trust.normaliser(person_mass, out_people, params)
        classes = trust.class_from_mass(
            person_mass,
            out_people,
            params,
            ordinary=ordinary,
            previous=np.maximum(self._before.trust_class, trust.UNKNOWN),
        )
        return classes.astype(np.int64)

    # --- Moments --------------------------------------------------------------------------------
    def _moments(
        self, about: _Day, result: Evaluation, rows: pa.Table
    ) -> tuple[Integers, Integers, Floats, Integers]:
        """Return posts, accounts, points and people of the posts that moved a score today."""
        given = self._given
        params = given.model.params
        if not rows.num_rows:
            return moving_posts.none()
        before = self._measured(about, with_today=False)
        faded = self._evaluated(inputs.inputs(before, about.free, given.model))
        gain = moments.gains(given.model, result, faded, self._units.target)
        # No moments of what counts in no score.
        gain[self._units.apart] = 0.0
        posts = self._post_window(rows)
        return moving_posts.moved(gain, posts, self._posts, self._units.of_account, params)

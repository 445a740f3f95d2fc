package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;
import uk.directpayments.ledger.residential.Stay.Setting;

/**
 * People with stays around the leap day of 2024 and around their 18th birthdays, some born on a leap day; short breaks in rows, long
 * stays, open ones, planned ones, overlapping ones, and some that do not count.
 */
final class RandomPeople {

    private static final LocalDate START = LocalDate.of(2022, 6, 1);

    private final Random random;

    RandomPeople(long seed) {
        random = new Random(seed);
    }

    Question next() {
        LocalDate born = born();
        int kind = random.nextInt(4);
        List<Stay> stays = new ArrayList<>();
        LocalDate day = START.plusDays(random.nextInt(500));
        int count = random.nextInt(kind == 0 ? 45 : 10);
        for (int i = 0; i < count; i++) {
            int nights = switch (kind) {
                case 0 -> random.nextInt(4);
                case 1 -> 12 + random.nextInt(20);
                case 2 -> random.nextInt(60);
                default -> 26 + random.nextInt(5);
            };
            LocalDate discharged = random.nextInt(25) == 0 ? null : day.plusDays(nights);
            stays.add(new Stay(
                    "S" + i,
                    new Stay.Facts(setting(), day, discharged, random.nextInt(12) != 0),
                    random.nextInt(8) == 0));
            day = day.plusDays(nights + gap(kind));
        }
        LocalDate asOf =
                random.nextInt(3) == 0 && !stays.isEmpty() ? near(stays) : START.plusDays(random.nextInt(1_400));
        return new Question(
                List.copyOf(stays),
                BusinessDay.reaches(18, born),
                random.nextInt(6) == 0 ? BusinessDay.reaches(18, born).plusDays(random.nextInt(200) - 20) : null,
                random.nextBoolean() ? Basis.NIGHTS : Basis.INCLUSIVE_DAYS,
                asOf,
                random.nextBoolean(),
                policy(random.nextBoolean()));
    }

    static ResidentialPolicy policy(boolean linkFullPeriods) {
        return new ResidentialPolicy("test", Basis.NIGHTS, 28, 120, 28, linkFullPeriods, true, 21, 90);
    }

    private LocalDate near(List<Stay> stays) {
        LocalDate admitted = stays.get(random.nextInt(stays.size())).facts().admitted();
        return random.nextBoolean()
                ? admitted.plusDays(random.nextInt(32))
                : admitted.plusYears(1).plusDays(random.nextInt(3) - 1);
    }

    private LocalDate born() {
        return switch (random.nextInt(4)) {
            case 0 -> LocalDate.of(2012, 5, 10);
            case 1 -> LocalDate.of(1990, 1, 1);
            case 2 -> LocalDate.of(random.nextBoolean() ? 2004 : 2008, 2, 29);
            default -> LocalDate.of(2004, 9, 1).plusDays(random.nextInt(1_000));
        };
    }

    private int gap(int kind) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> 26 + random.nextInt(4);
            case 2 -> kind == 2 ? -random.nextInt(20) : 1;
            default -> random.nextInt(14);
        };
    }

    private Setting setting() {
        Setting[] all = Setting.values();
        return random.nextInt(6) == 0 ? all[random.nextInt(all.length)] : all[random.nextInt(4)];
    }

    /** The same question with the stays in another order. */
    Question shuffled(Question asked) {
        List<Stay> stays = new ArrayList<>(asked.stays());
        Collections.shuffle(stays, random);
        return with(asked, stays);
    }

    static Question with(Question asked, List<Stay> stays) {
        return new Question(
                stays,
                asked.eighteenOn(),
                asked.childUntil(),
                asked.basis(),
                asked.asOf(),
                asked.includePlanned(),
                asked.policy());
    }
}

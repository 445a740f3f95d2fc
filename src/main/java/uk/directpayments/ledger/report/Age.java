package uk.directpayments.ledger.report;

import uk.directpayments.ledger.kernel.Money;

/** The bands by which debts are aged: 0 to 30, 31 to 90, 91 to 180, 181 days and more. Rulebook 4.21. */
enum Age {
    TO_30(30),
    TO_90(90),
    TO_180(180),
    OLDER(Long.MAX_VALUE);

    private final long most;

    Age(long most) {
        this.most = most;
    }

    /** The band's name, like {@code 31-90}. */
    static String band(long days) {
        for (Age age : values()) {
            if (age.holds(days)) {
                long least = age.ordinal() == 0 ? 0 : values()[age.ordinal() - 1].most + 1;
                return age == OLDER ? least + "+" : least + "-" + age.most;
            }
        }
        throw new IllegalArgumentException("no age");
    }

    private boolean holds(long days) {
        return days <= most && (ordinal() == 0 || days > values()[ordinal() - 1].most);
    }

    /** An amount in the band that its age falls into, nothing in any other. */
    Money share(Money amount, long days) {
        return holds(days) ? amount : Money.ZERO;
    }
}

package uk.directpayments.ledger.spending;

/** What raised a flag. API: Flags and policy; rulebook 3.5, 3.6. Of two that find the same reason in a transaction, the first counts. */
public enum Detector {
    /** The classification by the policy, whatever of it decided. */
    MCC("the council's spending policy"),
    RELATIVE("the payee is a relative, and no agreement covers that day"),
    SELF_PAYMENT("the payee received the direct payment on that day"),
    DUPLICATE("the same payee was paid the same amount within three days"),
    AFTER_END("the account was suspended, the budget had ended or the person had died"),
    CASH_PATTERN("cash was drawn in round sums, three times or more in thirty days"),
    CLUSTER("four purchases or more fell on one weekend with its bank holidays, or on bank holidays"),
    COUNCIL_PAYEE("the payee is the council"),
    PAYE_MISSING("tax for an employee was due, and nothing was paid to HMRC for two months"),
    STAY_MISSING("residential care was paid for, and no stay is linked"),
    STAY_UNPAID("a residential stay has no payment"),
    SPLIT("payments to one payee stay each just under the amount that is looked at"),
    OVERSPEND("the account was spent below nothing"),
    RESIDENTIAL_LIMIT("the days in residential care are more than the law allows"),
    OVERLAPPING_STAY("two residential stays overlap"),
    MANUAL("somebody raised it by hand");

    private final String words;

    Detector(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}

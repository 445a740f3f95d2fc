package uk.directpayments.ledger.payout;

import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.payout.PeriodEvent.PeriodSealed;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Which periods are sealed, and since which position of the log. A dozen rows a year. */
@Component
class PeriodRegister extends Projection<Rows> {

    PeriodRegister() {
        super("period-register", Order.BY_LOG, "period_register");
    }

    @When
    void on(PeriodSealed e, Recorded at, Rows rows) {
        rows.add(e.period(), at.position(), e.lastPosition());
    }

    @Override
    protected Rows buffer() {
        return new Rows("period_register", "period text", "position bigint", "last_position bigint");
    }

    @Override
    protected void write(Rows rows) {
        rows.insert(jdbc());
    }

    /** The sealed periods, as the view knows them, and the position at which each was: that of the sealing itself. */
    Map<YearMonth, Long> sealed(View view) {
        return positions("position", view);
    }

    /** The sealed periods, as the view knows them, and the last position that each seal attests. */
    Map<YearMonth, Long> lastPositions(View view) {
        return positions("last_position", view);
    }

    private Map<YearMonth, Long> positions(String column, View view) {
        Map<YearMonth, Long> positions = new HashMap<>();
        jdbc().sql("SELECT period, %s FROM period_register WHERE position <= :position".formatted(column))
                .param("position", position(view))
                .query((row, i) -> positions.put(YearMonth.parse(row.getString(1)), row.getLong(2)))
                .list();
        return Map.copyOf(positions);
    }
}

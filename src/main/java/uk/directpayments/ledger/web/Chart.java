package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A balance over time as a drawing: where each thing goes, in the units of a 720 by 260 box. Drawn by the template, so that it needs no script;
 * the same figures stand beside it as a table.
 *
 * @param limit what may be kept, or null
 */
record Chart(List<Point> points, @Nullable BigDecimal limit) {

    private static final int LEFT = 80;
    private static final int RIGHT = 710;
    private static final int TOP = 14;
    private static final int BOTTOM = 226;
    private static final int GRID_LINES = 4;

    /** A balance at the end of a day. */
    record Point(LocalDate on, BigDecimal balance) {}

    /** A line across the drawing, at a round amount. */
    record Grid(long y, BigDecimal pounds) {}

    /** A word under the drawing. */
    record Tick(long x, LocalDate on, String anchor) {}

    /** The corners of the line. It goes straight from each point to the next; how the balance moved in between is not drawn. */
    public String line() {
        List<String> corners = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            corners.add(
                    String.format(Locale.ROOT, "%d,%d", x(i), y(points.get(i).balance())));
        }
        return String.join(" ", corners);
    }

    public List<Grid> grid() {
        BigDecimal step = step();
        List<Grid> lines = new ArrayList<>();
        for (BigDecimal at = lowest(); at.compareTo(highest()) <= 0; at = at.add(step)) {
            lines.add(new Grid(y(at), at));
        }
        return lines;
    }

    public List<Tick> ticks() {
        int last = points.size() - 1;
        return List.of(0, last / 3, 2 * last / 3, last).stream()
                .distinct()
                .map(i -> new Tick(x(i), points.get(i).on(), i == 0 ? "start" : i == last ? "end" : "middle"))
                .collect(Collectors.toList());
    }

    public @Nullable Long limitY() {
        return limit == null ? null : y(limit);
    }

    public long zeroY() {
        return y(BigDecimal.ZERO);
    }

    private long x(int i) {
        return points.size() < 2 ? LEFT : LEFT + (long) (RIGHT - LEFT) * i / (points.size() - 1);
    }

    private long y(BigDecimal pounds) {
        double share = pounds.subtract(lowest()).doubleValue()
                / highest().subtract(lowest()).doubleValue();
        return Math.round(BOTTOM - share * (BOTTOM - TOP));
    }

    /** A round amount, so that about four lines cover what there is. */
    private BigDecimal step() {
        double rough = most().subtract(least()).doubleValue() / GRID_LINES;
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(rough, 1))));
        double digit = Math.ceil(Math.max(rough, 1) / power);
        return BigDecimal.valueOf((long) ((digit <= 2 ? digit : digit <= 5 ? 5 : 10) * power));
    }

    private BigDecimal lowest() {
        return step().multiply(BigDecimal.valueOf((long) Math.floor(least().doubleValue() / step().doubleValue())));
    }

    private BigDecimal highest() {
        BigDecimal top =
                step().multiply(BigDecimal.valueOf((long) Math.ceil(most().doubleValue() / step().doubleValue())));
        return top.compareTo(lowest()) > 0 ? top : lowest().add(step());
    }

    private BigDecimal least() {
        return points.stream().map(Point::balance).reduce(BigDecimal.ZERO, BigDecimal::min);
    }

    private BigDecimal most() {
        BigDecimal most = points.stream().map(Point::balance).reduce(BigDecimal.ZERO, BigDecimal::max);
        return limit == null ? most : most.max(limit);
    }
}

package uk.directpayments.ledger.platform;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How far processors have come, for dashboards and alerts. One statement for all processors, and none within {@link #FRESH_SECONDS} of the
 * last, however many gauges and scrapers ask. While the database is away the figures are no numbers, and a scrape waits for it once: with a second
 * wait it would take longer than Prometheus gives it, and nobody would learn what is wrong.
 */
@Component
class ProcessorMeters implements LogSeen {

    private static final Logger logger = LoggerFactory.getLogger(ProcessorMeters.class);

    /** How long a reading is given again. */
    static final long FRESH_SECONDS = 5;

    /** A processor as it was when last looked at. */
    record Reading(double running, double lagPositions, double lagSeconds, double parkedStreams) {

        private static final Reading UNKNOWN = new Reading(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    private final Processors processors;
    private final JdbcClient jdbc;
    private Map<String, Reading> readings = Map.of();
    private double position = Double.NaN;
    private double ahead = Double.NaN;
    private long readAt;
    private boolean read;

    ProcessorMeters(
            MeterRegistry registry,
            Processors processors,
            List<Automation> automations,
            Meters meters,
            EventLog log,
            JdbcClient jdbc) {
        this.processors = processors;
        this.jdbc = jdbc;
        Gauge.builder(MeterNames.LOG_POSITION, log, known -> known.tail().announced())
                .description("The last position of the log known to be durable")
                .register(registry);
        Gauge.builder(MeterNames.LOG_AHEAD, this, ProcessorMeters::ahead)
                .description("Seconds by which the log's time is ahead of the database's clock")
                .register(registry);
        for (String processor : processors.names()) {
            gauge(registry, MeterNames.PROCESSOR_RUNNING, processor, "1 while it runs", Reading::running);
            gauge(registry, MeterNames.LAG_POSITIONS, processor, "Events still to be handled", Reading::lagPositions);
            gauge(registry, MeterNames.LAG_SECONDS, processor, "Age of the oldest of them", Reading::lagSeconds);
            gauge(registry, MeterNames.PARKED_STREAMS, processor, "Keys with parked events", Reading::parkedStreams);
        }
        // NOT_FOUND is what any of them may meet: with it the series exist before the first refusal.
        automations.forEach(automation -> meters.automationRefused(automation.name(), "NOT_FOUND"));
    }

    private void gauge(
            MeterRegistry registry, String name, String processor, String words, ToDoubleFunction<Reading> figure) {
        Gauge.builder(name, this, meters -> figure.applyAsDouble(meters.reading(processor)))
                .description(words)
                .tag("processor", processor)
                .register(registry);
    }

    @Override
    public synchronized double position() {
        lookIfOld();
        return position;
    }

    private synchronized double ahead() {
        lookIfOld();
        return ahead;
    }

    private synchronized Reading reading(String processor) {
        lookIfOld();
        return readings.getOrDefault(processor, Reading.UNKNOWN);
    }

    private void lookIfOld() {
        if (!read || System.nanoTime() - readAt > FRESH_SECONDS * 1_000_000_000) {
            try {
                readings = look();
            } catch (RuntimeException away) {
                readings = Map.of();
                position = Double.NaN;
                ahead = Double.NaN;
                logger.warn("cannot see how far processors have come: {}", ProjectionInvoker.describe(away));
            }
            read = true;
            readAt = System.nanoTime();
        }
    }

    synchronized Map<String, Reading> look() {
        Map<String, Reading> seen = new HashMap<>();
        List<Processors.Status> known = processors.status();
        jdbc.sql("""
                        SELECT known.name, known.running, greatest(0, head.position - known.position) AS lag,
                               greatest(0, coalesce(extract(epoch FROM clock_timestamp() - next.recorded_at), 0)) AS age,
                               (SELECT count(DISTINCT key) FROM parked_event WHERE processor = known.name) AS parked,
                               head.position AS head,
                               greatest(0, extract(epoch FROM head.recorded_at - clock_timestamp())) AS ahead
                          FROM unnest(:names::text[], :positions::bigint[], :running::int[]) AS known(name, position, running)
                         CROSS JOIN event_log_head head
                          LEFT JOIN event_log next ON next.position = known.position + 1""")
                .param("names", known.stream().map(Processors.Status::name).toArray(String[]::new))
                .param(
                        "positions",
                        known.stream().map(Processors.Status::position).toArray(Long[]::new))
                .param(
                        "running",
                        known.stream().map(status -> status.running() ? 1 : 0).toArray(Integer[]::new))
                .query(row -> {
                    position = row.getDouble("head");
                    ahead = row.getDouble("ahead");
                    seen.put(
                            row.getString("name"),
                            new Reading(
                                    row.getDouble("running"),
                                    row.getDouble("lag"),
                                    row.getDouble("age"),
                                    row.getDouble("parked")));
                });
        return seen;
    }
}

package uk.directpayments.ledger.platform;

/**
 * What the ledger counts and measures of itself, by the names of Micrometer; Prometheus writes {@code _} for {@code .} and adds unit and
 * {@code _total}. No label ever holds an id or personal data: their values are names from the code. What they mean for operators:
 * {@code src/docs/operating/metrics.md}.
 */
public final class MeterNames {

    /** Commands by {@code command} and {@code outcome}. */
    public static final String COMMANDS = "ledger.commands";

    /** Refused commands by the {@code code} of the rule. */
    public static final String REFUSALS = "ledger.refusals";

    /** Commands given up because others wrote to the same stream each time. {@code BUSY} is also the code of every outage. */
    public static final String STREAMS_BUSY = "ledger.streams.busy";

    /** Events recorded by this node, by stored {@code name}. */
    public static final String EVENTS = "ledger.events";

    /** From the sending of a command that recorded something to its commit. */
    public static final String TIME_TO_DURABLE = "ledger.time.to.durable";

    /** The last position of the log that this node knows to be durable. */
    public static final String LOG_POSITION = "ledger.log.position";

    /** By how many seconds the time of the last event is ahead of the database's clock: 0, unless that was put back. */
    public static final String LOG_AHEAD = "ledger.log.ahead.seconds";

    /** 1 while a {@code processor} runs on some node, 0 if it has stopped. */
    public static final String PROCESSOR_RUNNING = "ledger.processor.running";

    /** Events that a {@code processor} has still to handle. */
    public static final String LAG_POSITIONS = "ledger.processor.lag.positions";

    /** Age of the oldest event that a {@code processor} has still to handle, 0 if there is none. */
    public static final String LAG_SECONDS = "ledger.processor.lag.seconds";

    /** Streams, persons or accounts whose events a {@code processor} has parked. */
    public static final String PARKED_STREAMS = "ledger.parked.streams";

    /** What an {@code automation} asked for and was refused, by {@code code}. */
    public static final String AUTOMATION_REFUSED = "ledger.automation.refused";

    /** Statement files by {@code state}: received, finished. */
    public static final String STATEMENTS = "ledger.statements";

    /** Lines of statements by {@code outcome}. */
    public static final String STATEMENT_LINES = "ledger.statement.lines";

    /** Events of the log after the last checkpoint that was signed. */
    public static final String UNSIGNED_EVENTS = "ledger.log.unsigned";

    /** Pounds moved on payment accounts, by the {@code kind} of transaction; positive, whichever way they went. */
    public static final String MONEY_POSTED = "ledger.money.posted";

    /** Reconciliations of support organisations' client money by {@code outcome}: agreed, differed. */
    public static final String CLIENT_MONEY = "ledger.client.money.reconciliations";

    /** Reads of personal data by {@code outcome}: recorded, attempted and refused, unrecorded and therefore not answered. */
    public static final String READS = "ledger.reads";

    private MeterNames() {}
}

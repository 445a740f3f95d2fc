package uk.directpayments.ledger.report;

import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** {@code {report, asOf, knownAt, position, columns, items: [{column: value}], next, totals}}: money is a string, as everywhere. */
final class JsonReport implements ReportWriter {

    private static final JsonMapper JSON = new JsonMapper();

    private final JsonGenerator json;
    private final List<Column> columns;

    JsonReport(OutputStream out, ReportHead head) {
        this.json = JSON.createGenerator(out);
        this.columns = head.columns();
        json.writeStartObject();
        json.writeStringProperty("report", head.report());
        text("asOf", head.asOf());
        text("knownAt", head.knownAt());
        json.writeNumberProperty("position", head.position());
        json.writeArrayPropertyStart("columns");
        for (Column column : columns) {
            json.writeStartObject();
            json.writeStringProperty("name", column.name());
            json.writeStringProperty("type", column.type().name());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("items");
    }

    @Override
    public void row(Row row) {
        json.writeStartObject();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i).name();
            Object value = row.value(i);
            if (value instanceof Number number) {
                json.writeNumberProperty(name, number.longValue());
            } else if (value instanceof Boolean yes) {
                json.writeBooleanProperty(name, yes);
            } else {
                text(name, value);
            }
        }
        if (row.unavailable()) {
            json.writeBooleanProperty("unavailable", true);
        }
        json.writeEndObject();
    }

    @Override
    public void end(Totals totals, @Nullable String next) {
        json.writeEndArray();
        text("next", next);
        json.writeObjectPropertyStart("totals");
        totals.byName().forEach(this::text);
        json.writeEndObject();
        json.writeEndObject();
        json.close();
    }

    private void text(String name, @Nullable Object value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, value.toString());
        }
    }
}

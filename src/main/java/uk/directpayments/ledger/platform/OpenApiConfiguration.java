package uk.directpayments.ledger.platform;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Money;

/** The description at {@code /v3/api-docs}: says once what holds for every operation, as the resolvers and {@link Problems} do it. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String PROBLEM = "#/components/schemas/Problem";

    private static final Map<String, String> REFUSALS = new TreeMap<>(Map.of(
            "400", "Not well formed: the code and the fields say what.",
            "401", "Nobody has signed in.",
            "403", "Not for this role.",
            "404", "Not there, or not yours.",
            "429", "Too many requests; Retry-After says when to ask again.",
            "503", "Not now; Retry-After says when to ask again."));

    private static final Map<String, String> REFUSALS_OF_WRITES = new TreeMap<>(Map.of(
            "409", "The present state says no.",
            "413", "Too big.",
            "415", "Wrong type of body.",
            "422", "The request itself says no."));

    static {
        SpringDocUtils.getConfig()
                .replaceWithSchema(Money.class, money())
                .addRequestWrapperToIgnore(Call.class, Actor.class, View.class, Paging.class);
    }

    private static Schema<?> money() {
        return new StringSchema()
                .description("Pounds with two decimals; a request may not be negative or more than 999999999.99.")
                .pattern("^-?[0-9]+(\\.[0-9]{1,2})?$")
                .example("620.00");
    }

    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info().title("Direct payment ledger").version("v1"))
                .components(new Components()
                        .addSecuritySchemes(
                                "basic",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("basic")))
                .addSecurityItem(new SecurityRequirement().addList("basic"));
    }

    /** The problem's schema is named by every operation, though no handler returns it. */
    @Bean
    OpenApiCustomizer problemSchema() {
        return api -> {
            ResolvedSchema problem =
                    ModelConverters.getInstance(true).resolveAsResolvedSchema(new AnnotatedType(Problem.class));
            problem.referencedSchemas.forEach(api.getComponents()::addSchemas);
            api.getComponents().addSchemas("Problem", problem.schema);
        };
    }

    @Bean
    GlobalOperationCustomizer conventions() {
        return (operation, handler) -> {
            List<Class<?>> taken = Stream.of(handler.getMethodParameters())
                    .<Class<?>>map(MethodParameter::getParameterType)
                    .toList();
            if (taken.contains(View.class) || taken.contains(Paging.class)) {
                addView(operation);
            }
            if (taken.contains(Paging.class)) {
                addPaging(operation, taken.contains(View.class));
            }
            if (taken.contains(Call.class)) {
                operation.addParametersItem(header(
                        CallResolver.IDEMPOTENCY_KEY,
                        new StringSchema().minLength(1).maxLength(200),
                        "A repeat with the same key answers as the first did and writes nothing."));
                REFUSALS_OF_WRITES.forEach((status, words) -> addRefusal(operation, status, words));
                addLedgerPosition(operation);
            }
            if (operation.getParameters() != null) {
                operation.getParameters().stream()
                        .filter(parameter -> "path".equals(parameter.getIn()))
                        .forEach(parameter -> parameter
                                .getSchema()
                                .pattern(
                                        parameter.getName().equals(Id.OF_INSTALMENT)
                                                ? Id.INSTALMENT_PATTERN
                                                : Id.PATTERN));
            }
            REFUSALS.forEach((status, words) -> addRefusal(operation, status, words));
            return operation;
        };
    }

    @Bean
    OpenApiNullability nullability() {
        return new OpenApiNullability();
    }

    private static void addView(Operation operation) {
        operation
                .addParametersItem(query(
                        "asOf", new StringSchema().format("date"), "What was true on this day; today if not given."))
                .addParametersItem(query(
                        "knownAt",
                        new StringSchema().format("date-time"),
                        "What had been recorded by this instant; everything if not given."))
                .addParametersItem(header(
                        ViewResolver.LEDGER_POSITION,
                        new IntegerSchema().format("int64").minimum(BigDecimal.ZERO),
                        "Wait until the answer includes this position of the log."));
    }

    /** @param whole whether it answers with all there is unless a page is asked for: it takes a view too */
    private static void addPaging(Operation operation, boolean whole) {
        Schema<?> limit = new IntegerSchema().minimum(BigDecimal.ONE).maximum(BigDecimal.valueOf(Paging.MOST));
        if (!whole) {
            limit.setDefault(Paging.DEFAULT_LIMIT);
        }
        String words = "The most items of a page." + (whole ? " Without it and a cursor: all." : "");
        operation
                .addParametersItem(query("limit", limit, words))
                .addParametersItem(query("cursor", new StringSchema(), "`next` of the page before."));
    }

    private static void addLedgerPosition(Operation operation) {
        operation.getResponses().forEach((status, response) -> {
            if (status.startsWith("2")) {
                response.addHeaderObject(
                        ViewResolver.LEDGER_POSITION,
                        new Header()
                                .description("A position of the log not before this write's last event.")
                                .schema(new IntegerSchema().format("int64")));
            }
        });
    }

    private static void addRefusal(Operation operation, String status, String words) {
        operation
                .getResponses()
                .putIfAbsent(
                        status,
                        new ApiResponse()
                                .description(words)
                                .content(new Content()
                                        .addMediaType(
                                                "application/problem+json",
                                                new MediaType().schema(new Schema<>().$ref(PROBLEM)))));
    }

    private static Parameter query(String name, Schema<?> schema, String words) {
        return new Parameter()
                .in("query")
                .name(name)
                .required(false)
                .schema(schema)
                .description(words);
    }

    private static Parameter header(String name, Schema<?> schema, String words) {
        return query(name, schema, words).in("header");
    }
}

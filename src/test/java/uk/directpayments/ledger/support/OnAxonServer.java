package uk.directpayments.ledger.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

/**
 * The whole ledger on the Axon Server that {@link AxonServerUnderTest} finds, emptied before the ledger starts; without one, skipped with one
 * loud line. On a class that inherits its tests from those that hold on PostgreSQL.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(AxonServerUnderTest.OrSkipped.class)
@ActiveProfiles("axonserver")
@ContextConfiguration(initializers = AxonServerUnderTest.Emptied.class)
@DirtiesContext
public @interface OnAxonServer {}

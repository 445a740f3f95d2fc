/**
 * What every room stands on, and what none of them needs to know. A way in, by what is to be changed:
 *
 * <ul>
 *   <li>a command on its way: {@code Commands}, {@code LedgerStream}, {@code Outcome}; keys: {@code Answered}, {@code IdempotencyKeys}
 *   <li>the log: {@code EventLog}, written by {@code GroupCommit}; {@code EventNames}, {@code EventJson}, {@code Metadata}; {@code StoredEvents} for the
 *       audit; {@code LogTail} for processors; {@code AxonServer…} if it is kept there
 *   <li>projections and automations: {@code Projection}, {@code Automation}, {@code When}; their tables: {@code Rows}, {@code Versions}, {@code Documents};
 *       how they run: {@code Processors}, {@code Progress}, {@code Parked}; built again: {@code ShadowRebuild}, {@code ShadowTables}
 *   <li>a request: {@code Http…}, {@code Call}, {@code View}, {@code Paging} and their resolvers; the answer: {@code Answers}, {@code Page},
 *       {@code Problem}, {@code Problems}
 *   <li>who may do what: {@code SecurityRules}; who is it: {@code SecurityConfiguration}, {@code LocalUsers}
 *   <li>personal text and keys: {@code Sealing}, {@code Tink…}, {@code Signing}, {@code SecretFile}, {@code ErasureList}
 *   <li>the machine: {@code Home}, {@code EmbeddedPostgres…}, {@code StartRefused}, {@code Outage}; what is counted: {@code Meters}, {@code MeterNames}
 *   <li>how Axon and Spring are put together: {@code AxonPlatform}, {@code AxonOrder}, {@code …Configuration}
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.platform;

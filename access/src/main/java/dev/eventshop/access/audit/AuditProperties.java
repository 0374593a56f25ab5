package dev.eventshop.access.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is kept of who did what.
 *
 * @param keep              how long an entry is kept, at least 30 days (default two years)
 * @param keepAddresses     how long it is known where requests came from, at least a day
 * @param refusalsPerMinute how many refusals of one address are written down one by one; more are put together
 * @param trackedAddresses  how many addresses are remembered at a time for that
 * @param queueSize         refusals that wait to be stored; more are in the log only
 */
@ConfigurationProperties("eventshop.access.audit")
record AuditProperties(
        @DefaultValue("730d") Duration keep,
        @DefaultValue("90d") Duration keepAddresses,
        @DefaultValue("60") int refusalsPerMinute,
        @DefaultValue("10000") int trackedAddresses,
        @DefaultValue("1000") int queueSize) {}

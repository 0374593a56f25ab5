package dev.eventshop.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of every service's HTTP interface.
 *
 * @param maxBodySize largest body of a request, beyond: 413. The largest legitimate body, an order of a hundred items,
 *                    has a few kilobytes
 * @param maxPageSize most items of a page, beyond: 422. At most the 200 of the contract
 */
@ConfigurationProperties("eventshop.web")
public record WebProperties(
        @DefaultValue("1MB") DataSize maxBodySize,
        @DefaultValue("200") int maxPageSize) {

    public WebProperties {
        if (maxPageSize < 1 || maxPageSize > Limit.MAX) {
            throw new IllegalArgumentException("eventshop.web.max-page-size must be from 1 to " + Limit.MAX);
        }
    }
}

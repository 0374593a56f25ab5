package dev.eventshop.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of every service's HTTP interface.
 *
 * @param maxBodySize largest body of a request, beyond: 413. The largest legitimate body, an order of a hundred items,
 *                    has a few kilobytes
 */
@ConfigurationProperties("eventshop.web")
public record WebProperties(@DefaultValue("1MB") DataSize maxBodySize) {}

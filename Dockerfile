# syntax=docker/dockerfile:1.7
# One image per service:  docker build --target command-side -t eventshop/command-side .

# ---- build: all three services and the issuer of tokens, from the sources ----
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.m2/repository \
    mvn --batch-mode --no-transfer-progress -DskipTests -Dspotless.check.skip \
        -pl command-side,query-side,notification-projector,standalone -am package
# The libraries change seldom and the application often: a layer each.
RUN set -eu; \
    for service in command-side query-side notification-projector; do \
        cp $service/target/$service-*-exec.jar /tmp/$service.jar; \
        java -Djarmode=tools -jar /tmp/$service.jar extract --layers --destination /layers/$service; \
    done

# ---- what all services have in common ----
FROM eclipse-temurin:25-jre AS runtime
RUN groupadd --system --gid 10001 eventshop \
    && useradd --system --uid 10001 --gid eventshop --no-create-home --shell /usr/sbin/nologin eventshop
COPY --chmod=0555 deploy/healthcheck.sh /usr/local/bin/healthcheck
RUN install --directory --owner=eventshop --group=eventshop --mode=0700 /data
WORKDIR /application
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError" \
    EVENTSHOP_BIND_ADDRESS=0.0.0.0
USER 10001:10001
HEALTHCHECK --interval=5s --timeout=5s --start-period=120s --retries=6 CMD ["healthcheck"]

FROM runtime AS command-side
COPY --from=build /layers/command-side/dependencies/ ./
COPY --from=build /layers/command-side/spring-boot-loader/ ./
COPY --from=build /layers/command-side/snapshot-dependencies/ ./
COPY --from=build /layers/command-side/application/ ./
ENV HEALTH_PORT=9181
EXPOSE 8081 9181
ENTRYPOINT ["java", "-jar", "command-side.jar"]

FROM runtime AS query-side
COPY --from=build /layers/query-side/dependencies/ ./
COPY --from=build /layers/query-side/spring-boot-loader/ ./
COPY --from=build /layers/query-side/snapshot-dependencies/ ./
COPY --from=build /layers/query-side/application/ ./
ENV HEALTH_PORT=9182
EXPOSE 8082 9182
ENTRYPOINT ["java", "-jar", "query-side.jar"]

FROM runtime AS notification-projector
COPY --from=build /layers/notification-projector/dependencies/ ./
COPY --from=build /layers/notification-projector/spring-boot-loader/ ./
COPY --from=build /layers/notification-projector/snapshot-dependencies/ ./
COPY --from=build /layers/notification-projector/application/ ./
ENV HEALTH_PORT=9183
EXPOSE 8083 9183
ENTRYPOINT ["java", "-jar", "notification-projector.jar"]

# The issuer is a command of the standalone jar.
FROM runtime AS issuer
COPY --from=build /source/standalone/target/eventshop.jar ./
VOLUME /data
ENV HEALTH_PORT=8080 HEALTH_PATH=/.well-known/openid-configuration
EXPOSE 8080
ENTRYPOINT ["java", "-jar", "eventshop.jar", "issuer", "--data", "/data"]

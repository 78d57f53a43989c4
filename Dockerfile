# Build:  docker build -t vilam .
# Run:    docker run --rm -p 8080:8080 -v vilam:/data --read-only --tmpfs /tmp vilam
# Then open http://localhost:8080/. It runs without root rights, writes to /data alone, and needs no network.
FROM eclipse-temurin:17-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw --batch-mode --no-transfer-progress -Dquick -Dmaven.test.skip=true -pl web -am package

FROM eclipse-temurin:17-jre
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fontconfig fonts-dejavu-core libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /data vilam
COPY --from=build /src/web/target/vilam.jar /opt/vilam/
COPY --from=build /src/web/target/lib /opt/vilam/lib
# The native libraries are unpacked into the image, which may then be read-only; building fails where the model does not answer.
ENV VILAM_HOME=/data DJL_CACHE_DIR=/opt/vilam/natives
RUN java -jar /opt/vilam/vilam.jar doctor --home /tmp/doctor && rm -rf /tmp/doctor
USER 10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["java", "-Xmx32m", "-cp", "/opt/vilam/vilam.jar", "org.vilam.web.program.Probe", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-jar", "/opt/vilam/vilam.jar"]
CMD ["serve", "--host", "0.0.0.0"]

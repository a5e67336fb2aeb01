"""Events between services over RabbitMQ: sent at least once, in order per stream, never lost. Source: ADR-0003.

`Publication` names who listens to what (`ansinh_contracts.publications`). The producer runs one `Relay` from its
log to the broker; each consumer runs one `Consumer` per `Subscription`. What cannot be handled is parked
(`Parking`) and replayed by an operator (`Replayer`). Secrets travel outside the log (`SecretPublisher`,
`SecretConsumer`, over a `SecretRoute`).

    broker = Broker(settings.amqp_url, name="auth", namespace=settings.namespace)
    relay = Relay(store=…, database=…, broker=broker, publication=AUTH, to_contract=…, sealer=…)
    subscription = Subscription(REGISTRATION, "auth", {DeclarationValidV1: reactions.open_account})
    consumer = Consumer(broker, subscription, parking=Parking(database), opener=…)

`broker.run()`, `relay.run()` and `consumer.run()` go on until they are cancelled and recover by themselves;
`broker.ready` and `consumer.ready` belong into the service's readiness.
"""

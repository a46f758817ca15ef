import ArgumentParser
import Kernel
import Logging
import Pipeline
import Server
import ServiceLifecycle
import UnixSignals

/// `pingqiao serve`: the pages, the API and the worker of one node.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the pages and the API, and work on what comes in.",
        discussion: """
            Examples:
              pingqiao serve --data /var/lib/pingqiao
              pingqiao serve --config /etc/pingqiao.json --host 0.0.0.0 --port 8080
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port; 0 takes a free one.") var port = 8080
    @Option(help: "Least level of the log: debug, info, warning, error.") var logLevel = "info"

    func run() async throws {
        try await common.explaining {
            var logger = Logger(label: "pingqiao", factory: { StreamLogHandler.standardError(label: $0) })
            logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
            let composition = try await Composition.open(place.place(), logger: logger)
            try await Serving(composition: composition, host: host, port: port).run()
        }
    }
}

/// The services of one node, and their end.
struct Serving {
    let composition: Composition
    let host: String
    let port: Int

    /// Says where the pages are and, while the installation has nobody, how the first administrator gets in.
    private func announce(_ address: String) async {
        Output.message("凭桥已启动 \(address)/")
        do {
            guard let code = try await composition.setup.open() else { return }
            Output.message(
                """
                首次设置（\(SetupDesk.lifetimeSeconds / 60) 分钟内有效，只能用一次） First set-up, once, within \(SetupDesk.lifetimeSeconds / 60) minutes:
                  \(address)/setup?code=\(code)
                """
            )
        } catch {
            composition.logger.error("the first set-up could not be offered", metadata: ["error": "\(error)"])
        }
    }

    func run() async throws {
        let application = makeApplication(
            try composition.serverRooms(), address: host, port: port, logger: composition.logger,
            onRunning: { port in await announce("http://\(host):\(port)") }
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: application), .init(service: WorkerService(worker: composition.worker)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: composition.logger
            )
        )
        do {
            try await group.run()
        } catch {
            // What stopped the group is what is told; the leases are given back all the same.
            try? await composition.close()
            throw error
        }
        try await composition.close()
    }
}

/// The worker as a service: it ends with the group.
struct WorkerService: Service {
    let worker: Worker

    func run() async throws {
        await cancelWhenGracefulShutdown { await worker.run() }
    }
}

import ArgumentParser
import Connectors
import Foundation
import Kernel
import Logging
import Pipeline
import Storage

/// `pingqiao demo`: a demo company, sample approvals through the whole way, then the pages.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Make a demo company, send sample approvals through the whole way, then serve.",
        discussion: """
            Examples:
              pingqiao demo
              pingqiao demo --data /tmp/demo --port 8080
              pingqiao demo --once
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var common: CommonOptions

    @Option(help: "Port of the pages on this machine; 0 takes a free one.")
    var port = 8080

    @Flag(help: "Print what became of the samples as JSON and end.")
    var once = false

    @Option(help: "Signing secret of the demo's connector (whsec_…); made anew without it.")
    var secret: String?

    func run() async throws {
        try await common.explaining {
            let temporary = NSTemporaryDirectory() + "pingqiao-demo-\(ProcessInfo.processInfo.processIdentifier)"
            let store = try place.place(default: temporary)
            var logger = Logger(label: "pingqiao", factory: { StreamLogHandler.standardError(label: $0) })
            logger.logLevel = .error
            let composition = try await Composition.open(store, logger: logger)
            guard try await composition.store.books().isEmpty else {
                Output.message("这里已经有账套，直接启动。 The store has books already; serving them. (\(store.folder.path()))")
                return try await Serving(composition: composition, host: "127.0.0.1", port: port).run()
            }
            let now = composition.clock()
            let dingTalk = try await DemoDingTalk.start(now: now)
            let setup = DemoSetup(composition: composition, now: now, secret: secret)
            let mapping = try composition.files.json("Mappings/dingtalk.json")
            let people = try await setup.run(dingTalk: dingTalk.setting(mapping: mapping))
            let result = try await DemoRun(composition: composition, setup: setup, dingTalk: dingTalk, now: now).run()
            Output.data(result.pretty)
            if once {
                try await dingTalk.fake.stop()
                return try await composition.close()
            }
            Output.message("一次性密码 One-time passwords:")
            for person in people { Output.message("  \(person.login)  \(person.password)  \(person.name)") }
            try await Serving(composition: composition, host: "127.0.0.1", port: port).run()
            try await dingTalk.fake.stop()
        }
    }
}

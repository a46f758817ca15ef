import Foundation
import Testing

@Suite("The walls between the rooms")
struct ArchitectureTests {
    /// Which modules a room may import; an arrow that is not here is not in the architecture (docs/house-style.md).
    private static let mayImport: [String: Set<String>] = [
        "Kernel": [],
        "Cryptography": ["Kernel", "COpenSSL"],
        // Glibc for iconv: libxml2 does not know GB18030 by itself.
        "Markup": ["CLibXML2", "Glibc"],
        // Glibc and CLinux to run the tools that read PDF.
        "Evidence": ["Kernel", "Cryptography", "Markup", "CZlib", "CLinux", "Glibc"],
        "Ledger": ["Kernel"],
        "Decisions": ["Kernel"],
        "DecisionModels": ["Kernel", "Decisions", "Markup"],
        "Rules": ["Kernel", "Ledger", "Decisions", "Yams"],
        "Jobs": ["Kernel"],
        "Access": ["Kernel", "Cryptography"],
        "Samples": ["Kernel", "Cryptography", "CZlib"],
        "Pipeline": inside.union(["Foundation", "Logging", "Synchronization"]),
        "Storage": [
            "Kernel", "Cryptography", "Ledger", "Evidence", "Rules", "Access", "Jobs", "Pipeline", "GRDB", "CLibPQ",
            "CSQLite",
            "NIOPosix", "NIOCore", "Logging", "Foundation", "Synchronization",
        ],
        "Connectors": [
            "Kernel", "Cryptography", "Markup", "Pipeline", "AsyncHTTPClient", "NIOCore", "NIOHTTP1",
            "NIOFoundationCompat",
            "NIOPosix", "Foundation", "Synchronization", "Dispatch",
            // To resolve a name once and look at the addresses before any of them is called.
            "Glibc", "Darwin",
        ],
        "Server": inside.union([
            "Pipeline", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOPosix", "Mustache", "Logging",
            "ServiceLifecycle",
            "Foundation", "Synchronization",
        ]),
        "pingqiao": inside.union([
            "DecisionModels", "Pipeline", "Storage", "Connectors", "Server", "Samples", "ArgumentParser", "Logging",
            "ServiceLifecycle",
            "UnixSignals", "Foundation", "Glibc", "NIOPosix", "Synchronization",
        ]),
    ]

    /// What the suites share stands on the inner rooms alone, so that each suite may use it.
    private static let testSupport: Set<String> = ["Kernel", "CLibPQ", "Foundation", "Synchronization"]

    private static let inside: Set<String> = [
        "Kernel", "Cryptography", "Evidence", "Ledger", "Decisions", "Rules", "Jobs", "Access",
    ]

    private let repository: Repository

    init() throws { repository = try Repository.contents.get() }

    @Test("stand: each room imports only what the map allows")
    func imports() {
        let statement =
            /^\s*(?:@\w+\s+)*(?:(?:package|internal|private|fileprivate|public)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|let|var|typealias)\s+)?(\w+)/
        for source in repository.sources where !source.isTest || source.room == "TestSupport" {
            guard let allowed = source.isTest ? Self.testSupport : Self.mayImport[source.room] else {
                Issue.record("\(source.path): the room \(source.room) is not on the map; add it to the import table")
                continue
            }
            for (number, line) in zip(1..., source.code) where line.contains("import") {
                guard let module = line.firstMatch(of: statement)?.output.1 else { continue }
                #expect(
                    allowed.contains(String(module)),
                    "\(source.path):\(number): \(source.room) may not import \(module)"
                )
            }
        }
    }

    @Test("are not looked through: no @testable, and nothing public")
    func visibility() {
        let testable = /@testable/
        for source in repository.sources where source.room != "TidyTests" {
            for place in source.places(of: testable, hints: ["@testable"]) {
                Issue.record("\(place): test through `package` interfaces instead of @testable")
            }
        }
        let declaration =
            /\b(?:public|open)\s+(?:import|struct|class|enum|protocol|func|var|let|init|actor|extension)\b/
        for source in repository.program {
            let places = source.places(of: declaration, hints: ["public ", "open "])
            for place in places {
                Issue.record("\(place): `package` instead of `public`: the product has no public interface")
            }
        }
    }

    @Test("have a door with a name: no folder is called after nothing")
    func folders() throws {
        let banned: Set<Substring> = ["Utils", "Helpers", "Common", "Managers", "Models", "Extensions"]
        for path in try Repository.paths(below: "Sources") + Repository.paths(below: "Tests") {
            let folders = path.split(separator: "/").dropLast()
            #expect(banned.isDisjoint(with: folders), "\(path): name the folder after its topic")
        }
    }
}

// swift-tools-version: 6.2
import PackageDescription

// Every room of the program is one target; its dependency list below is the wall around it.
// docs/house-style.md draws the map, TidyTests checks the imports.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "pingqiao",
    platforms: [.macOS(.v14)],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        room("Kernel", []),
        room("Cryptography", ["Kernel", "COpenSSL"]),
        room("Markup", ["CLibXML2"]),
        room("Ledger", ["Kernel"]),
        room("Decisions", ["Kernel"]),
        room("DecisionModels", ["Kernel", "Decisions", "Markup"]),
        room("Rules", ["Kernel", "Ledger", "Decisions", yams]),
        room("Evidence", ["Kernel", "Cryptography", "Markup", "CZlib", "CLinux"]),
        room("Jobs", ["Kernel"]),
        room("Access", ["Kernel", "Cryptography"]),
        room("Samples", ["Kernel", "Cryptography", "CZlib"]),
        room(
            "Pipeline",
            ["Kernel", "Cryptography", "Evidence", "Ledger", "Decisions", "Rules", "Jobs", "Access", logging]
        ),
        room(
            "Storage",
            [
                "Kernel", "Cryptography", "Access", "Ledger", "Evidence", "Rules", "Jobs", "Pipeline", "CLibPQ",
                "CSQLite",
                grdb, nioPosix, logging,
            ]
        ),
        room("Connectors", ["Kernel", "Cryptography", "Markup", "Pipeline", httpClient, nioCore, nioPosix, nioHTTP1]),
        room(
            "Server",
            [
                "Kernel", "Cryptography", "Access", "Ledger", "Evidence", "Rules", "Decisions", "Jobs", "Pipeline",
                hummingbird, mustache, httpTypes, nioCore, nioPosix, logging, lifecycle,
            ]
        ),
        .executableTarget(
            name: "pingqiao",
            dependencies: [
                "Kernel", "Cryptography", "Access", "Ledger", "Evidence", "Rules", "Decisions", "DecisionModels",
                "Jobs",
                "Pipeline", "Storage", "Connectors", "Server", "Samples", argumentParser, logging, lifecycle,
                unixSignals,
                nioPosix,
            ],
            swiftSettings: strict
        ),

        // What several suites need to stand on: a database server, an engine to choose, a clock to set.
        .target(
            name: "TestSupport", dependencies: ["Kernel", "CLibPQ"], path: "Tests/TestSupport", swiftSettings: strict
        ),
        tests("KernelTests", ["Kernel"]),
        tests("CryptographyTests", ["Cryptography", "Kernel"]),
        tests("LedgerTests", ["Ledger", "Kernel"]),
        tests("DecisionsTests", ["Decisions", "Kernel"]),
        tests("DecisionModelsTests", ["DecisionModels", "Decisions", "Kernel", "Markup"]),
        tests("RulesTests", ["Rules", "Kernel", "Decisions", "Ledger", yams]),
        tests("EvidenceTests", ["Evidence", "Kernel", "Cryptography", "Samples"]),
        tests("AccessTests", ["Access", "Kernel", "Cryptography"]),
        tests("PipelineTests", ["Pipeline", "Kernel", "Ledger", "Evidence", "Rules"]),
        tests(
            "StorageTests",
            ["Storage", "Kernel", "Cryptography", "Access", "Ledger", "Jobs", "Pipeline", "CLibPQ", "TestSupport"]
        ),
        tests("ConnectorsTests", ["Connectors", "Pipeline", "Kernel", "Cryptography", nioCore, nioPosix]),
        tests(
            "ServerTests",
            [
                "Server", "Pipeline", "Kernel", "Cryptography", "Access", "Ledger", "Jobs", hummingbird,
                hummingbirdTesting, httpTypes, nioCore,
            ]
        ),
        tests(
            "JourneyTests",
            [
                "Kernel", "Cryptography", "Ledger", "Rules", "Evidence", "Jobs", "Access", "Samples", "Pipeline",
                "Storage", "Connectors", "TestSupport", logging,
            ]
        ),
        tests("TidyTests", []),
    ]
)

import Foundation
import Kernel
import Pipeline
import TestSupport
import Testing

/// `PINGQIAO_SEEDS=1000-1999` plays other seeds than the usual ones.
@Suite("One approval in everybody's hands")
struct ModelTests {
    private static let seeds: [Int] = {
        let bounds = (ProcessInfo.processInfo.environment["PINGQIAO_SEEDS"] ?? "").split(separator: "-").compactMap {
            Int($0)
        }
        // The last two each found something that the first forty do not.
        return bounds.count == 2 && bounds[0] <= bounds[1] ? Array(bounds[0]...bounds[1]) : Array(1...40) + [49, 140]
    }()

    @Test("ends in books that say what its highest revision says", arguments: seeds)
    func model(_ seed: Int) async throws {
        try await Self.play(seed, on: .sqlite)
    }

    @Test("ends so on PostgreSQL too", arguments: seeds.prefix(6))
    func modelOnPostgreSQL(_ seed: Int) async throws {
        guard Engine.available.contains(.postgreSQL) else { return }
        try await Self.play(seed, on: .postgreSQL)
    }

    private static func play(_ seed: Int, on engine: Engine) async throws {
        var dice = Dice(seed: seed)
        let companies = [
            TestCompany(), .byHand, TestCompany(ceiling: nil, postsAutomatically: true), TestCompany(ceiling: nil),
        ]
        let company = companies[dice.number(below: companies.count)]
        let model = ApprovalModel(&dice)
        let drawn = dice
        try await Office.open(engine, company: company) { office in
            let run = ModelRun(office, model, drawn)
            try await run.play()
            try await run.rest()
            let broken = try await Rest(office).broken(model, reversedByHand: await run.reversedByHand)
            let history = await run.history.joined(separator: "\n")
            #expect(broken.isEmpty, "seed \(seed): \(model.text)\n\(broken.joined(separator: "\n"))\n\(history)")
        }
    }
}

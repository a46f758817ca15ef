package import Kernel

/// The page that says how many cases of each folder pass (符合性报告).
package struct TCKReport {
    private let outcomes: [(folder: String, outcome: TCKOutcome)]

    /// - Parameter outcomes: with the folder of each, such as `compliance-level-2/0004-simpletable-U`.
    package init(_ outcomes: [(folder: String, outcome: TCKOutcome)]) { self.outcomes = outcomes }

    package var passed: Int { outcomes.count { $0.outcome.isPassed } }
    package var failed: Int { outcomes.count - passed }

    /// What `pingqiao decision tck` prints.
    package var json: JSON {
        .object([
            ("passed", .number(String(passed))), ("failed", .number(String(failed))),
            (
                "cases",
                .array(
                    outcomes.map { folder, outcome in
                        .object([
                            ("file", .string(folder.isEmpty ? outcome.file : "\(folder)/\(outcome.file)")),
                            ("id", .string(outcome.id)), ("ok", .bool(outcome.isPassed)),
                            ("expected", .string(outcome.expected)), ("actual", .string(outcome.actual)),
                        ])
                    })
            ),
        ])
    }

    /// The report as Markdown; the same outcomes make the same bytes.
    package var page: String {
        var folders: [String: (passed: Int, failed: [String])] = [:]
        for (folder, outcome) in outcomes {
            if outcome.isPassed {
                folders[folder, default: (0, [])].passed += 1
            } else {
                folders[folder, default: (0, [])].failed.append(outcome.id)
            }
        }
        let rows = folders.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { name, counts in
            "| \(name) | \(counts.passed) | \(counts.failed.count) | \(counts.failed.joined(separator: ", ")) |"
        }
        return """
            # 决策引擎符合性 · Decisions conformance

            <!-- Written by `pingqiao decision tck DIR --report docs/decisions-conformance.md`. -->

            Cases of the DMN Technology Compatibility Kit, run through their DMN files. A case passes when all its \
            results are as expected; external Java functions (0076) are never run.

            **\(passed) of \(outcomes.count) cases pass (\(share) %).**

            | folder | passed | failed | cases that fail |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }

    /// The share of passed cases in percent, with two digits, rounded down.
    private var share: String {
        let hundredths = outcomes.isEmpty ? 0 : passed * 10_000 / outcomes.count
        let fraction = String(hundredths % 100)
        return "\(hundredths / 100)." + (fraction.count == 1 ? "0" : "") + fraction
    }
}

package import Decisions

/// What became of one expected result of a test case.
package struct TCKOutcome: Sendable {
    /// The file of the test cases.
    package let file: String
    package let id: String
    package let isPassed: Bool
    /// The results of the case, as FEEL would write them.
    package let expected: String
    package let actual: String
}

/// Runs the cases of a file against its model; a case passes when all of its results are as expected.
package func runTCK(_ file: TCKFile, against models: ModelSet, surroundings: Surroundings) -> [TCKOutcome] {
    file.cases.map { test in
        var isPassed = true
        var expected = Context()
        var actual = Context()
        for result in test.results {
            let value = value(of: result.decision, in: test, models, surroundings)
            isPassed = isPassed && isClose(value, result.expected)
            expected[result.decision] = result.expected
            actual[result.decision] = value
        }
        return TCKOutcome(
            file: file.name, id: test.id, isPassed: isPassed, expected: Value.context(expected).description,
            actual: Value.context(actual).description)
    }
}

private func value(
    of decision: String, in test: TCKFile.Case, _ models: ModelSet, _ surroundings: Surroundings
) -> Value {
    // An error is null to a test case, as it is to every expression that goes on with it.
    let answer = try? models.evaluate(test.service ?? decision, inputs: test.inputs, surroundings: surroundings)
    guard let value = answer?.value else { return .null }
    guard test.service != nil, test.service != decision, case .context(let outputs) = value,
        let output = outputs[decision]
    else { return value }
    return output
}

/// Equal, or equal numbers to eight digits: the expected values of roots and powers are written short.
private func isClose(_ value: Value, _ expected: Value) -> Bool {
    switch (value, expected) {
    case (.number(let one), .number(let other)):
        guard let difference = one.subtracting(other)?.magnitude, let scale = Decimal34("1e-8") else { return false }
        return difference <= (other.magnitude.multiplied(by: scale) ?? .zero) || difference <= scale
    case (.list(let one), .list(let other)):
        return one.count == other.count && zip(one, other).allSatisfy { isClose($0, $1) }
    case (.context(let one), .context(let other)):
        return one.count == other.count
            && one.allSatisfy { entry in other[entry.name].map { isClose(entry.value, $0) } ?? false }
    default: return value == expected
    }
}

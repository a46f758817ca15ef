package import Kernel

/// Why a decision model gives no answer.
package enum ModelError: Error, Equatable {
    case unknownDecision(String, known: [String])
    case stopped(FEELError, decision: String)
}

extension ModelError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknownDecision(let name, let known):
            Problem(
                code: "decision.unknown",
                title: Phrase(zh: "模型里没有这个决策。", en: "The model has no such decision."),
                location: Phrase(zh: "决策「\(name)」", en: "decision “\(name)”"),
                cause: Phrase(
                    zh: "模型里的决策和决策服务：\(known.joined(separator: "、"))。",
                    en: "Its decisions and decision services are: \(known.joined(separator: ", "))."
                ),
                remedy: Phrase(zh: "请改用其中一个名称。", en: "Use one of these names.")
            )
        case .stopped(let error, let decision):
            Problem(
                code: error.problem.code,
                title: error.problem.title,
                location: Phrase(
                    zh: "决策「\(decision)」，\(error.problem.location.zh)",
                    en: "decision “\(decision)”, \(error.problem.location.en)"
                ),
                cause: error.problem.cause,
                remedy: error.problem.remedy
            )
        }
    }
}

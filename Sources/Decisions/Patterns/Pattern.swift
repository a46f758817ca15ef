/// A regular expression of XPath 3.1, matched without going back: the time is at most text × pattern (正则表达式).
///
/// References to groups (`\1`) would need to go back and are not read.
struct Pattern {
    /// The most instructions a pattern may have; `{1000}` of `{1000}` is refused here.
    static let instructionLimit = 5_000

    /// Whether the flag `q` makes every character stand for itself.
    let isLiteral: Bool
    let groupCount: Int
    private let program: [Instruction]
    private let flags: Flags

    struct Flags {
        var isDotAll = false
        var isMultiline = false
        var ignoresCase = false
        var ignoresSpace = false
        var isLiteral = false

        init?(_ text: String) {
            for flag in text.unicodeScalars {
                switch flag {
                case "s": isDotAll = true
                case "m": isMultiline = true
                case "i": ignoresCase = true
                case "x": ignoresSpace = true
                case "q": isLiteral = true
                default: return nil
                }
            }
        }
    }

    enum Instruction {
        case set(CharacterSet)
        case split(Int, Int)
        case jump(Int)
        case save(Int)
        case lineStart
        case lineEnd
        case match
    }

    struct Match {
        let range: Swift.Range<Int>
        /// Where each group begins and ends, -1 where it took no part.
        fileprivate(set) var positions: [Int]
    }

    /// `nil` if the text is no regular expression, is too large, or a flag is not known.
    init?(_ text: String, flags: String) {
        guard let flags = Flags(flags) else { return nil }
        var reader = PatternReader(text, flags: flags)
        guard let tree = reader.read() else { return nil }
        var compiler = Compiler()
        compiler.program.append(.save(0))
        guard compiler.compile(tree) else { return nil }
        compiler.program += [.save(1), .match]
        program = compiler.program
        groupCount = reader.groupCount
        isLiteral = flags.isLiteral
        self.flags = flags
    }

    private struct Compiler {
        var program: [Instruction] = []

        mutating func compile(_ tree: PatternTree) -> Bool {
            guard program.count < Pattern.instructionLimit else { return false }
            switch tree {
            case .empty: return true
            case .set(let set): program.append(.set(set))
            case .lineStart: program.append(.lineStart)
            case .lineEnd: program.append(.lineEnd)
            case .sequence(let parts):
                for part in parts where !compile(part) { return false }
            case .group(let number, let part):
                program.append(.save(number * 2))
                guard compile(part) else { return false }
                program.append(.save(number * 2 + 1))
            case .alternatives(let parts): return compile(alternatives: parts)
            case .repeated(let part, let least, let most, let isLazy):
                return compile(part, least: least, most: most, isLazy: isLazy)
            }
            return true
        }

        private mutating func compile(alternatives parts: [PatternTree]) -> Bool {
            var jumps: [Int] = []
            for (index, part) in parts.enumerated() {
                let start = program.count
                if index < parts.count - 1 { program.append(.match) }
                guard compile(part) else { return false }
                if index < parts.count - 1 {
                    jumps.append(program.count)
                    program.append(.match)
                    program[start] = .split(start + 1, program.count)
                }
            }
            for jump in jumps { program[jump] = .jump(program.count) }
            return true
        }

        private mutating func compile(_ part: PatternTree, least: Int, most: Int?, isLazy: Bool) -> Bool {
            for _ in 0..<least where !compile(part) { return false }
            guard let most else {
                let start = program.count
                program.append(.match)
                guard compile(part) else { return false }
                program.append(.jump(start))
                program[start] = fork(start + 1, program.count, isLazy: isLazy)
                return true
            }
            var forks: [Int] = []
            for _ in least..<max(least, most) {
                forks.append(program.count)
                program.append(.match)
                guard compile(part) else { return false }
            }
            for start in forks { program[start] = fork(start + 1, program.count, isLazy: isLazy) }
            return true
        }

        private func fork(_ inside: Int, _ outside: Int, isLazy: Bool) -> Instruction {
            isLazy ? .split(outside, inside) : .split(inside, outside)
        }
    }
}

extension Pattern {
    /// The first match at or behind an index, the preferred one of those that begin there.
    ///
    /// All ways to match go through the text side by side, in the order in which they are preferred.
    ///
    /// - Parameter steps: what may still be spent; negative afterwards if that was not enough, and there is no answer.
    func firstMatch(in text: [Unicode.Scalar], from start: Int, steps: inout Int) -> Match? {
        var threads: [(pc: Int, positions: [Int])] = []
        var best: [Int]?
        var marks = [Int](repeating: -1, count: program.count)
        let blank = [Int](repeating: -1, count: groupCount * 2 + 2)
        var index = start
        while index <= text.count {
            if best == nil { add(0, blank, at: index, of: text, to: &threads, &marks, &steps) }
            guard steps >= 0 else { return nil }
            if threads.isEmpty, best != nil { break }
            var next: [(pc: Int, positions: [Int])] = []
            for thread in threads {
                if case .match = program[thread.pc] {
                    best = thread.positions
                    break
                }
                if index < text.count, case .set(let set) = program[thread.pc],
                    set.contains(text[index], ignoresCase: flags.ignoresCase)
                {
                    add(thread.pc + 1, thread.positions, at: index + 1, of: text, to: &next, &marks, &steps)
                }
            }
            threads = next
            index += 1
        }
        return best.map { Match(range: $0[0]..<$0[1], positions: $0) }
    }

    func firstMatch(in text: [Unicode.Scalar], from start: Int) -> Match? {
        var steps = Int.max
        return firstMatch(in: text, from: start, steps: &steps)
    }

    /// Adds a thread, following everything that takes no character; a place already reached is not entered again.
    private func add(
        _ start: Int, _ positions: [Int], at index: Int, of text: [Unicode.Scalar],
        to threads: inout [(pc: Int, positions: [Int])], _ marks: inout [Int], _ steps: inout Int
    ) {
        var pending = [(start, positions)]
        while let (pc, positions) = pending.popLast() {
            guard marks[pc] != index else { continue }
            marks[pc] = index
            steps -= 1
            switch program[pc] {
            case .jump(let target): pending.append((target, positions))
            case .split(let first, let second):
                pending.append((second, positions))
                pending.append((first, positions))
            case .save(let slot):
                var saved = positions
                saved[slot] = index
                pending.append((pc + 1, saved))
            case .lineStart:
                if index == 0 || (flags.isMultiline && text[index - 1] == "\n") { pending.append((pc + 1, positions)) }
            case .lineEnd:
                if index == text.count || (flags.isMultiline && text[index] == "\n") {
                    pending.append((pc + 1, positions))
                }
            case .set, .match: threads.append((pc, positions))
            }
        }
    }

    /// What `replace` puts in the place of a match: texts, and groups by their numbers.
    struct Replacement {
        private enum Part {
            case scalar(Unicode.Scalar)
            case group(Int)
        }

        private var parts: [Part] = []

        /// `nil` for a `$` without a number, or a `\` before anything but `$` and `\`.
        init?(_ text: String, isLiteral: Bool, groupCount: Int) {
            let scalars = Array(text.unicodeScalars)
            var index = 0
            while index < scalars.count {
                let scalar = scalars[index]
                index += 1
                if isLiteral || (scalar != "$" && scalar != "\\") {
                    parts.append(.scalar(scalar))
                    continue
                }
                guard index < scalars.count else { return nil }
                if scalar == "\\" {
                    guard scalars[index] == "$" || scalars[index] == "\\" else { return nil }
                    parts.append(.scalar(scalars[index]))
                    index += 1
                    continue
                }
                guard Spelling.isDigit(scalars[index]) else { return nil }
                var number = 0
                // As many digits as name a group that exists, one at least.
                repeat {
                    number = number * 10 + Int(scalars[index].value - 48)
                    index += 1
                } while index < scalars.count && Spelling.isDigit(scalars[index])
                    && number * 10 + Int(scalars[index].value - 48) <= groupCount
                parts.append(.group(number))
            }
        }

        func append(_ match: Match, of text: [Unicode.Scalar], to output: inout String.UnicodeScalarView) {
            for part in parts {
                switch part {
                case .scalar(let scalar): output.append(scalar)
                case .group(let number):
                    guard number * 2 + 1 < match.positions.count, match.positions[number * 2] >= 0,
                        match.positions[number * 2 + 1] >= match.positions[number * 2]
                    else { continue }
                    output.append(contentsOf: text[match.positions[number * 2]..<match.positions[number * 2 + 1]])
                }
            }
        }
    }
}

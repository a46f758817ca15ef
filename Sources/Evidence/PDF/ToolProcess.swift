import CLinux
import Glibc

// The only file that starts processes. Bytes go in and come out through memory; no file is made.

/// A program of the system that reads hostile files for us, with little time, little memory, and nothing to reach.
struct ToolProcess {
    let program: String
    let arguments: [String]
    var cpuSeconds = 1
    var memoryBytes = 400 << 20
    var outputBytes = 16 << 20

    /// How a run ended.
    struct Result {
        let output: [UInt8]
        let complaint: String
        let end: End

        enum End: Equatable {
            case exit(Int32)
            /// Time, memory or output was used up.
            case killed
        }
    }

    /// The path by which a program opens its input.
    static let input = "/proc/self/fd/3"

    static func isInstalled(_ program: String) -> Bool { access(program, X_OK) == 0 }

    /// Runs the program over some bytes, and blocks until it ends; `nil` if it could not be started.
    func run(over bytes: [UInt8]) -> Result? {
        guard let input = MemoryFile(bytes), let output = MemoryFile([]), let complaint = MemoryFile([]) else {
            return nil
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.descriptor, 1)
        posix_spawn_file_actions_adddup2(&actions, complaint.descriptor, 2)
        posix_spawn_file_actions_adddup2(&actions, input.descriptor, 3)
        // Sockets and databases of the program stay with the program.
        clinux_close_from(&actions, 4)
        // prlimit bounds what the tool may use; timeout ends one that only waits.
        let line =
            [
                "/usr/bin/timeout", "--signal=KILL", "\(4 * cpuSeconds + 2)", "/usr/bin/prlimit",
                "--as=\(memoryBytes)", "--cpu=\(cpuSeconds)", "--fsize=\(outputBytes)", "--core=0", "--nproc=512",
                program,
            ] + arguments
        var process = pid_t()
        let started = Self.withCStrings(line) { arguments in
            Self.withCStrings(["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent"]) { environment in
                posix_spawn(&process, "/usr/bin/timeout", &actions, nil, arguments, environment)
            }
        }
        guard started == 0 else { return nil }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 {
            guard errno == EINTR else { return nil }
        }
        // timeout passes on the signal of its child as 128 and its number.
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128
        return Result(
            output: output.content(upTo: outputBytes),
            complaint: String(decoding: complaint.content(upTo: 64 << 10), as: UTF8.self),
            end: code >= 124 ? .killed : .exit(code)
        )
    }

    private static func withCStrings<Answer>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
    ) -> Answer {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}

/// A file that has no name and lies in memory.
private final class MemoryFile {
    let descriptor: Int32

    init?(_ bytes: [UInt8]) {
        // Above what the child's own descriptors need, so that none overwrites another.
        let made = clinux_memory_file()
        guard made >= 0 else { return nil }
        descriptor = fcntl(made, F_DUPFD_CLOEXEC, 16)
        close(made)
        guard descriptor >= 0 else { return nil }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return nil }
            written += count
        }
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }

    func content(upTo limit: Int) -> [UInt8] {
        let size = min(limit, max(0, Int(lseek(descriptor, 0, SEEK_END))))
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let read = pread(descriptor, buffer.baseAddress.map { $0 + count }, size - count, off_t(count))
                guard read > 0 else { break }
                count += read
            }
        }
    }
}

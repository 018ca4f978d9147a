const { default: Runtime } = require('jest-runtime');

/** The package, and the Sequelize that it shares with the host, by Node's own `require`, which takes ES modules. */
module.exports = class extends Runtime {
  requireModuleOrMock(from, name) {
    const isReal = /^(@fluentmeet\/signup|sequelize)(\/|$)/.test(name);
    return isReal ? require(name) : super.requireModuleOrMock(from, name);
  }
};

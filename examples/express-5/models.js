import { DataTypes } from 'sequelize';

/** The host's own models. That one of them is called User, with a table `users`, is no concern of FluentMeet's. */
export function defineModels(sequelize) {
  const User = sequelize.define(
    'User',
    {
      // The id of FluentMeet's account.
      accountId: { type: DataTypes.BIGINT, primaryKey: true },
      department: { type: DataTypes.STRING, allowNull: false },
    },
    { tableName: 'users', timestamps: false },
  );
  return { User };
}
